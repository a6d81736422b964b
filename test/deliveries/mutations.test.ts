import { createGateway, readGatewayConfig } from '@secureconnect/gateway';
import { migratedDatabase } from '@secureconnect/postgres/testing';
import { createLogger } from '@secureconnect/service';
import { testRedis } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { postgresSink } from '../../services/gateway/src/signals/postgres/postgres-sink.ts';
import type { Placed, RemediationSink } from '../../services/gateway/src/signals/sink.ts';
import { randomStream } from '../chaos/random.ts';
import { openTestDatabase } from '../support/test-database.ts';
import { checkHistory, goSkipReason } from './check-history.ts';
import { gatewayVariables, untilDegraded } from './gateway-process.ts';
import type { Operation } from './history.ts';
import { readActive } from './listing.ts';
import { planDeliveries } from './plan.ts';
import { Sender } from './sender.ts';

type Mutate = (sink: RemediationSink) => Partial<RemediationSink>;

let forgotten = 0;

/** Sinks that do otherwise than is promised, each where no single reply looks wrong. */
const mutations: readonly (readonly [string, string, Mutate])[] = [
  ['nothing', 'accepted', () => ({})],
  [
    'that an active alert has one request',
    'created',
    (sink) => ({
      // Neither looked for nor decided by the index: each delivery has a fingerprint of its own.
      repeat: async () => undefined,
      async open(draft) {
        forgotten += 1;
        const fingerprint = `${draft.signal.fingerprint}-${forgotten}`;
        return sink.open({ ...draft, signal: { ...draft.signal, fingerprint } });
      },
    }),
  ],
  [
    'what one delivery of twenty has stored',
    'duplicate, created',
    (sink) => ({
      async repeat(firing, at) {
        const placed = await sink.repeat(firing, at);
        forgotten += 1;
        const never = new Date('2100-01-01T00:00:00Z');
        if (forgotten % 20 === 0) await sink.close(firing.fingerprint, never, at);
        return placed;
      },
    }),
  ],
  [
    'that a request was closed',
    'resolved, duplicate',
    (sink) => {
      const known = new Map<string, Placed>();
      return {
        async repeat(firing, at) {
          const { fingerprint } = firing;
          const placed = (await sink.repeat(firing, at)) ?? known.get(fingerprint);
          if (placed !== undefined) known.set(fingerprint, placed);
          return placed;
        },
      };
    },
  ],
  [
    'when the alert began that is resolved',
    'created, resolved',
    (sink) => ({
      close: (fingerprint, _endedAt, at) => {
        const never = new Date('2100-01-01T00:00:00Z');
        return sink.close(fingerprint, never, at);
      },
    }),
  ],
];

/** Delivers both phases of a small plan to one gateway whose sink is mutated. */
async function historyOf(mutate: Mutate): Promise<Operation[]> {
  await using parts = new AsyncDisposableStack();
  const { url: databaseUrl } = parts.use(await migratedDatabase(['auth', 'gateway']));
  const redis = parts.use(await testRedis());
  const variables = { ...gatewayVariables(databaseUrl), REDIS_URL: redis.url };
  const config = readGatewayConfig(variables);
  const log = createLogger({ service: 'api-gateway', level: 'silent' });
  const database = openTestDatabase(databaseUrl);
  parts.defer(() => database.close());
  const sound = postgresSink(database);
  const gateway = await createGateway(config, log, { sink: { ...sound, ...mutate(sound) } });
  parts.defer(() => gateway.close());
  const url = `http://127.0.0.1:${await gateway.listen(0)}`;
  await untilDegraded(url, false);

  const history: Operation[] = [];
  const nowUs = (): number => Math.round(performance.now() * 1000);
  const senders = Array.from({ length: 4 }, (_, index) => {
    const name = `sender-${index}`;
    return new Sender({
      ...{ name, urls: [url], random: randomStream('1', name), nowUs },
      ...{ record: (one) => history.push(one), attempted: () => undefined },
      signal: new AbortController().signal,
    });
  });
  const plan = planDeliveries({ seed: '1', alerts: 10, deliveries: 150, resolved: 10 });
  const fingerprints = plan.alerts.map(({ fingerprint }) => fingerprint);
  const deliveries = [...plan.deliveries];
  const stories = [...plan.stories];
  await Promise.all(
    senders.map(async (sender) => {
      for (let next = deliveries.pop(); next !== undefined; next = deliveries.pop()) {
        await sender.deliver(next);
      }
    }),
  );
  history.push(...(await readActive('reader', url, fingerprints, nowUs)));
  await Promise.all(
    senders.map(async (sender) => {
      for (let next = stories.pop(); next !== undefined; next = stories.pop()) {
        await sender.deliver(next.resolved);
        for (const one of next.later) await sender.deliver(one);
      }
    }),
  );
  history.push(...(await readActive('reader', url, fingerprints, nowUs)));
  return history;
}

it.skipIf(goSkipReason !== '').each(mutations)(
  `the checker sees a sink that has forgotten %s${goSkipReason}`,
  { timeout: 120_000 },
  async (_, expected, mutate) => {
    const { refused, undecided } = await checkHistory(await historyOf(mutate));
    expect(undecided).toEqual([]);
    if (expected === 'accepted') {
      expect(refused).toEqual([]);
      return;
    }
    const parts = refused.map(({ part }) => part.map(({ outcome }) => outcome).join(', '));
    expect(parts.join('\n')).toContain(expected);
  },
);
