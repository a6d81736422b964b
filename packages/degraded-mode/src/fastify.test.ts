import { Readable } from 'node:stream';
import fastify from 'fastify';
import { declareJsonRoutes, itKeepsTheContract, rows } from '../test/adapter-contract.ts';
import { degradedRoutes } from './fastify.ts';

itKeepsTheContract('Fastify', async (mode, ports, options) => {
  const app = fastify({ forceCloseConnections: true });
  app.setErrorHandler((error, _request, reply) =>
    reply.code(500).send(error instanceof Error ? error.message : String(error)),
  );
  const route = degradedRoutes(app, mode, ports, options);
  declareJsonRoutes(route);
  app.get(
    '/moved/:code',
    route.declared(rows.moved, async ({ params, ports: { hitCounter } }, reply) => {
      const { code } = params as { code: string };
      return reply.redirect(`/${code}/${encodeURIComponent(await hitCounter.add(3))}`);
    }),
  );
  app.get(
    '/text',
    route.declared(rows.text, async ({ ports: { hitCounter } }, reply) =>
      reply.type('text/plain').send(Readable.from([await hitCounter.add(4)])),
    ),
  );
  const taken = new WeakMap<object, string>();
  const limiter = route.declared(rows.limiter, async (request) => {
    taken.set(request, await request.ports.hitCounter.add(5));
  });
  app.addHook('preHandler', async (request, reply) =>
    request.url === '/limited' ? limiter(request, reply) : undefined,
  );
  route.get('/limited', rows.limited, async (request, { sessions }) => ({
    limited: await sessions.add(6),
    taken: taken.get(request),
  }));
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return { url, close: () => app.close() };
});
