import { appendFile } from 'node:fs/promises';
import { definePorts, failClosed, failOpen } from '@secureconnect/degraded-mode';
import { degradedErrors, degradedRoutes } from '@secureconnect/degraded-mode/express';
import { connect } from '@secureconnect/degraded-mode/ioredis';
import express from 'express';

/** An app for the check, which its test also alters: a counter, and orders in a file. */
const { redis, mode } = await connect(process.env['REDIS_URL'], { service: 'shop' });
const ordersFile = process.env['ORDERS_FILE'] ?? '';
let ownVisits = 0;

const ports = definePorts({
  visits: {
    redis: { count: () => redis.incr('visits') },
    local: { count: async () => ++ownVisits },
  },
  stock: { redis: { take: (item: string) => redis.incr(`taken:${item}`) } },
});

const app = express();
const route = degradedRoutes(app, mode, ports);

route.get(
  '/visits',
  { operation: 'visits', whenRedisDown: { visits: failOpen.local() } },
  async (_request, { visits }) => ({ visits: await visits.count() }),
);

route.post(
  '/orders/:item',
  { operation: 'order', whenRedisDown: { stock: failClosed({ retryAfterSeconds: 5 }) } },
  async ({ params }, { stock }) => {
    const taken = await stock.take(params.item);
    await appendFile(ordersFile, '+');
    return { taken };
  },
);

app.use(degradedErrors).listen(Number(process.env['PORT']));
