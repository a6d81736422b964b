import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import express, { type RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { createProxyMiddleware } from 'http-proxy-middleware';
import { Redis } from 'ioredis';
import jwt from 'jsonwebtoken';
import { pinoHttp } from 'pino-http';
import { Counter, Histogram, Registry } from 'prom-client';
import { RedisStore } from 'rate-limit-redis';
import { limitPerMinute, type SubjectSettings } from '../names.ts';

/** What people put together in Express, each part as its README says. */
export async function expressStack(settings: SubjectSettings): Promise<number> {
  const redis = new Redis(settings.redisUrl);
  const userOf = async ({ headers }: IncomingMessage): Promise<string> => {
    const token = headers.authorization?.replace(/^Bearer /, '') ?? '';
    const claims = jwt.verify(token, settings.secret, { algorithms: ['HS256'] });
    if (typeof claims === 'string') throw new Error('a token without claims');
    if ((await redis.exists(`blacklist:${claims.jti}`)) === 1) throw new Error('a revoked token');
    return claims.sub ?? '';
  };
  const proxy = createProxyMiddleware({ target: settings.upstreamUrl, ws: true });
  const app = express();
  app.use(pinoHttp());
  app.use(measured());
  app.use(async (request, response, next) => {
    try {
      response.locals['user'] = await userOf(request);
      next();
    } catch {
      response.status(401).json({ error: 'unauthorized' });
    }
  });
  app.use(
    rateLimit({
      windowMs: 60_000,
      limit: limitPerMinute,
      standardHeaders: true,
      keyGenerator: (_request, response) => response.locals['user'],
      store: new RedisStore({
        sendCommand: async (command: string, ...words: string[]) =>
          (await redis.call(command, ...words)) as number,
      }),
    }),
  );
  app.use(proxy);
  const server = createServer(app);
  server.keepAliveTimeout = 65_000;
  server.on('upgrade', (request, socket, head) => {
    userOf(request).then(
      () => proxy.upgrade(request, socket as Socket, head),
      () => socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n'),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function measured(): RequestHandler {
  const registers = [new Registry()];
  const labelNames = ['method', 'status'];
  const count = new Counter({ name: 'requests_total', help: 'Requests', labelNames, registers });
  const duration = new Histogram({ name: 'seconds', help: 'Duration', labelNames, registers });
  return ({ method }, response, next) => {
    const end = duration.startTimer();
    response.once('finish', () => {
      const labels = { method, status: response.statusCode };
      count.inc(labels);
      end(labels);
    });
    next();
  };
}
