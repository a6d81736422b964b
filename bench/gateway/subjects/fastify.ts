import type { AddressInfo } from 'node:net';
import httpProxy from '@fastify/http-proxy';
import jwt from '@fastify/jwt';
import rateLimit from '@fastify/rate-limit';
import { fastify } from 'fastify';
import { Redis } from 'ioredis';
import { Counter, Histogram, Registry } from 'prom-client';
import { limitPerMinute, type SubjectSettings } from '../names.ts';

/** The same as of Express, put together in Fastify. */
export async function fastifyStack(settings: SubjectSettings): Promise<number> {
  const redis = new Redis(settings.redisUrl);
  const registers = [new Registry()];
  const labelNames = ['method', 'status'];
  const count = new Counter({ name: 'requests_total', help: 'Requests', labelNames, registers });
  const duration = new Histogram({ name: 'seconds', help: 'Duration', labelNames, registers });
  const app = fastify({ logger: true, keepAliveTimeout: 65_000 });
  app.addHook('onResponse', async ({ method }, reply) => {
    const labels = { method, status: reply.statusCode };
    count.inc(labels);
    duration.observe(labels, reply.elapsedTime / 1000);
  });
  await app.register(jwt, { secret: settings.secret });
  app.addHook('onRequest', async (request, reply) => {
    const claims = await request.jwtVerify<{ jti: string; sub: string }>();
    const isRevoked = (await redis.exists(`blacklist:${claims.jti}`)) === 1;
    if (isRevoked) await reply.code(401).send({ error: 'revoked' });
  });
  await app.register(rateLimit, {
    redis,
    hook: 'preHandler',
    max: limitPerMinute,
    timeWindow: 60_000,
    keyGenerator: (request) => (request.user as { sub: string }).sub,
  });
  await app.register(httpProxy, { upstream: settings.upstreamUrl });
  await app.listen({ port: 0, host: '127.0.0.1' });
  return (app.server.address() as AddressInfo).port;
}
