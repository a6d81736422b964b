import { once } from 'node:events';
import {
  DegradedMode,
  definePorts,
  failClosed,
  failOpen,
  Monitor,
} from '@secureconnect/degraded-mode';
import { degradedErrors, degradedRoutes } from '@secureconnect/degraded-mode/express';
import express from 'express';
import { Redis } from 'ioredis';

const mode = new DegradedMode({
  service: 'shop',
  classify: (error) => {
    if (!(error instanceof Error)) return undefined;
    if (error.message === 'Command timed out') return { severity: 'timeout', reason: 'timed out' };
    // Every error reply is a fault of Redis, unless it is known to be ours.
    const isOurs = /^(WRONGTYPE|ERR (user_script|wrong number|syntax|value is))/.test(
      error.message,
    );
    return { severity: isOurs ? 'bug' : 'hard', reason: error.message.split(' ', 1).join() };
  },
});

const redis = new Redis(process.env['REDIS_URL'] ?? 'redis://localhost:6379', {
  commandTimeout: 150, // By default a frozen Redis is waited for without end,
  enableOfflineQueue: false, // commands are kept until it is back,
  maxRetriesPerRequest: 0, // and each is tried up to twenty times.
}).on('error', (error) => mode.reportError(error));

await new Monitor({
  mode,
  probes: {
    connected: () => once(redis, 'ready'),
    full: () => redis.set('shop:probe', Date.now(), 'EX', 60),
    ping: () => redis.ping(),
    dataChange: async () => 'restarted',
  },
  reconcilers: [],
  healthCheckIntervalSeconds: 10,
}).start();

let ownVisits = 0;

const ports = definePorts({
  visits: {
    redis: { count: () => redis.incr('visits') },
    local: { count: async () => ++ownVisits },
  },
  carts: { redis: { empty: (user: string) => redis.del(`cart:${user}`) } },
});

const app = express();

const route = degradedRoutes(app, mode, ports);

route.get(
  '/visits',
  { operation: 'visits', whenRedisDown: { visits: failOpen.local() } },
  async (_request, { visits }) => ({ visits: await visits.count() }),
);

route.delete(
  '/carts/:user',
  { operation: 'emptying a cart', whenRedisDown: { carts: failClosed({ retryAfterSeconds: 5 }) } },
  async ({ params }, { carts }) => ({ removed: await carts.empty(params.user) }),
);

app.use(degradedErrors).listen(Number(process.env['PORT'] ?? 3000));
