import { DatabaseSync } from 'node:sqlite';
import fastify from 'fastify';
import { createClient } from 'redis';

const redis = createClient({ url: process.env['REDIS_URL'] ?? 'redis://localhost:6379' });
await redis.connect();

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

interface Of {
  Params: { user: string; item: string };
}

const app = fastify();

app.get<Of>('/carts/:user', async ({ params }) => ({
  items: await carts.load(params.user),
}));

app.put<Of>('/carts/:user/:item', async ({ params }) => ({
  count: await carts.add(params.user, params.item),
}));

app.post<Of>('/carts/:user/orders', async ({ params }) => {
  const items = await carts.load(params.user);
  insert.run(params.user, JSON.stringify(items));
  await carts.empty(params.user);
  return { ordered: items };
});

app.get<Of>('/orders/:user', async ({ params }) => ({
  orders: await cachedCount(params.user),
}));

await app.listen({ port: Number(process.env['PORT'] ?? 3000) });
