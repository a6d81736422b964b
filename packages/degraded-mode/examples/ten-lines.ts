import { definePorts, failClosed, failOpen } from '@secureconnect/degraded-mode';
import { degradedErrors, degradedRoutes } from '@secureconnect/degraded-mode/express';
import { connect } from '@secureconnect/degraded-mode/ioredis';
import express from 'express';

const { redis, mode } = await connect(process.env['REDIS_URL'], { service: 'shop' });
const visits = { redis: { count: () => redis.incr('visits') }, skip: { count: async () => 0 } };
const carts = { redis: { empty: (user: string) => redis.del(`cart:${user}`) } };
const visit = { operation: 'visit', whenRedisDown: { visits: failOpen.skip() } };
const cart = { operation: 'cart', whenRedisDown: { carts: failClosed({ retryAfterSeconds: 5 }) } };
const app = express();
const route = degradedRoutes(app, mode, definePorts({ visits, carts }));
route.get('/visits', visit, async (_request, { visits }) => ({ visits: await visits.count() }));
route.delete('/carts/:user', cart, ({ params }, { carts }) => carts.empty(params.user));
app.use(degradedErrors).listen(Number(process.env['PORT'] ?? 3000));
