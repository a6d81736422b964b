import { DatabaseSync } from 'node:sqlite';
import { definePorts, failClosed, failOpen } from '@secureconnect/degraded-mode';
import { degradedRoutes } from '@secureconnect/degraded-mode/fastify';
import { connect } from '@secureconnect/degraded-mode/node-redis';
import fastify from 'fastify';

const { redis, mode } = await connect(process.env['REDIS_URL'], { service: 'carts' });

const sql = new DatabaseSync(process.env['DATABASE'] ?? ':memory:');
sql.exec('CREATE TABLE IF NOT EXISTS orders (user TEXT, items TEXT)');
const insert = sql.prepare('INSERT INTO orders (user, items) VALUES (?, ?)');
const count = sql.prepare('SELECT count(*) AS orders FROM orders WHERE user = ?');

const carts = {
  load: (user: string) => redis.hGetAll(`cart:${user}`),
  add: (user: string, item: string) => redis.hIncrBy(`cart:${user}`, item, 1),
  empty: (user: string) => redis.del(`cart:${user}`),
};

/** Orders so far, which the database counts slowly. */
const savedCount = async (user: string) => Number(count.get(user)?.['orders']);

async function cachedCount(user: string): Promise<number> {
  const cached = await redis.get(`orders:${user}`);
  if (cached !== null) return Number(cached);
  const orders = await savedCount(user);
  await redis.set(`orders:${user}`, orders, { EX: 10 });
  return orders;
}

const app = fastify();
const ports = definePorts({
  carts: { redis: carts },
  emptied: { redis: carts, skip: { ...carts, empty: async () => 0 } },
  orders: { redis: { count: cachedCount }, durable: { count: savedCount } },
});
const route = degradedRoutes(app, mode, ports);
const closed = failClosed({ retryAfterSeconds: 5 });
const cart = { operation: 'cart', whenRedisDown: { carts: closed } };
const order = { operation: 'order', whenRedisDown: { carts: closed, emptied: failOpen.skip() } };
const orders = { operation: 'orders', whenRedisDown: { orders: failOpen.durable() } };

route.get('/carts/:user', cart, async ({ params }, { carts }) => ({
  items: await carts.load(params.user),
}));

route.put('/carts/:user/:item', cart, async ({ params }, { carts }) => ({
  count: await carts.add(params.user, params.item),
}));

route.post('/carts/:user/orders', order, async ({ params }, { carts, emptied }) => {
  const items = await carts.load(params.user);
  insert.run(params.user, JSON.stringify(items));
  await emptied.empty(params.user);
  return { ordered: items };
});

route.get('/orders/:user', orders, async ({ params }, { orders }) => ({
  orders: await orders.count(params.user),
}));

await app.listen({ port: Number(process.env['PORT'] ?? 3000) });
