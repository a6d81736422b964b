import { testPostgres, testRedis } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import type { History } from './history.ts';
import { alerts } from './invariants/alerts.ts';
import { invariants } from './invariants/index.ts';
import { profiles } from './profile.ts';
import { runChaos } from './run-chaos.ts';

const durationMs = 30_000;
const timeout = 180_000;

it.each(profiles)(
  'keeps every invariant through half a minute: $name',
  { timeout },
  async (profile) => {
    await using database = await testPostgres();
    await using redis = await testRedis();
    const announce = (): void => undefined;
    const databaseUrl = database.url;
    const options = { profile, seed: '1', durationMs, redis, databaseUrl, announce };
    const history = await runChaos(options);
    expect(history.faults.length).toBeGreaterThan(2);
    const said = history.apps.flatMap((app) => app.said);
    expect(history.operations.length + said.length).toBeGreaterThan(200);
    const broken = invariants.map(({ name, judge }) => [name, judge(history).broken]);
    expect(broken).toEqual(invariants.map(({ name }) => [name, []]));
    if (profile.name === 'everything') expectAlertsToBeMissed(history);
  },
);

/** The judge finds it in the real history when an alert's remediation is lost there, or is a double. */
function expectAlertsToBeMissed(history: History): void {
  const { requests, stormMembers } = history;
  const own = requests.find(({ isStorm }) => !isStorm);
  const member = stormMembers[0];
  if (own === undefined || member === undefined) throw new Error('no request, or no storm');
  const mutations: Record<string, Partial<History>> = {
    'a request is lost': { requests: requests.filter((one) => one !== own) },
    'a member of a storm is lost': { stormMembers: stormMembers.filter((one) => one !== member) },
    'a request is a double': { requests: [...requests, { ...own, name: 'another' }] },
    'a member of a storm has a request of its own': {
      requests: [...requests, { ...own, ...member, name: 'another' }],
    },
  };
  const found = Object.entries(mutations).map(([what, mutation]) => {
    const { broken } = alerts.judge({ ...history, ...mutation });
    return [what, broken.length > 0];
  });
  expect(found).toEqual(Object.keys(mutations).map((what) => [what, true]));
}
