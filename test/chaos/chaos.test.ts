import { expect, it } from 'vitest';
import { testPostgres, testRedis } from '../../packages/testkit/src/index.ts';
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
    expect(history.operations.length).toBeGreaterThan(200);
    const broken = invariants.map(({ name, judge }) => [name, judge(history).broken]);
    expect(broken).toEqual(invariants.map(({ name }) => [name, []]));
  },
);
