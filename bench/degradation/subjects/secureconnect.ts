import { endpoint } from '@secureconnect/contracts';
import { definePorts, failOpen } from '@secureconnect/degraded-mode';
import { createRateLimit, limitKey, type RateLimiter } from '@secureconnect/rate-limit';
import { openRedis, type RedisConfig, redisMode } from '@secureconnect/redis';
import { createLogger, createService, declarersFor, replied } from '@secureconnect/service';
import { epochMs, tellParent } from '../../support/child.ts';
import { limitPerMinute, type Subject, subjectHeader } from './subject.ts';

type Ports = { readonly rateLimit: { readonly redis: RateLimiter; readonly local: RateLimiter } };

const { route } = declarersFor<Ports, undefined>();
const getLimited = endpoint({
  route: 'GET /limited',
  id: 'getLimited',
  action: 'limited',
  tag: 'Benchmark',
  summary: 'Count a request, and reply where it was counted',
  auth: 'none',
  otherReplies: { 200: { description: 'Where the request was counted.' } },
  errors: [],
});
const limited = route(
  getLimited,
  { rateLimit: failOpen.local() },
  async ({ headers, outgoing, outcomes }, { rateLimit }): Promise<typeof replied> => {
    const key = limitKey('bench', String(headers[subjectHeader]));
    const { source } = await rateLimit.consume(key, limitPerMinute);
    if (!outcomes.isEmpty) outgoing.setHeader('X-Degraded', outcomes.header());
    outgoing.setHeader('Content-Type', 'application/json');
    outgoing.end(JSON.stringify({ source }));
    return replied;
  },
);

/** One row on the service framework, with the settings that every service runs with. */
export function secureconnect(redisUrl: string): Subject {
  const name = 'bench';
  const config: RedisConfig = {
    address: { kind: 'single', url: redisUrl },
    keyPrefix: 'bench:',
    fallbackEnabled: true,
    healthCheckIntervalSeconds: 10,
    bootWaitSeconds: 30,
  };
  const log = createLogger({ service: name, level: 'warn' });
  const mode = redisMode(name, config);
  const connection = openRedis({ config, mode, log });
  const rateLimit = createRateLimit({
    redis: connection.commands,
    service: name,
    onHeartbeatError: (error) => log.debug({ error }, 'no heartbeat'),
  });
  mode.availability.on('changed', (state) => {
    tellParent({ kind: 'flag', available: state === 'available', atMs: epochMs() });
  });
  const ports = definePorts({ rateLimit: { redis: rateLimit.redis, local: rateLimit.local } });
  const routes = [limited];
  const parts = { name, log, mode, ports, routes, context: undefined, readiness: {} };
  return {
    async listen() {
      await connection.start([rateLimit.reconciler]);
      rateLimit.start();
      return createService(parts, new AsyncDisposableStack()).listen(0);
    },
  };
}
