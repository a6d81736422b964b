import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { stream } from 'hono/streaming';
import { declareJsonRoutes, itKeepsTheContract, rows } from '../test/adapter-contract.ts';
import { degradedRoutes } from './hono.ts';

itKeepsTheContract('Hono', async (mode, ports, options) => {
  const app = new Hono<{ Variables: { taken: string } }>();
  app.onError((error, context) => context.text(error.message, 500, { 'X-Seen': 'yes' }));
  const route = degradedRoutes(app, mode, ports, options);
  declareJsonRoutes(route);
  app.get('/moved/:code', route.declared(rows.moved), async (context) => {
    const said = encodeURIComponent(await context.var.ports.hitCounter.add(3));
    return context.redirect(`/${context.req.param('code')}/${said}`);
  });
  app.get('/text', route.declared(rows.text), async (context) => {
    const said = await context.var.ports.hitCounter.add(4);
    return stream(context, async (body) => {
      await body.write(said);
    });
  });
  app.use('/limited', route.declared(rows.limiter), async (context, next) => {
    context.set('taken', await context.var.ports.hitCounter.add(5));
    await next();
  });
  route.get('/limited', rows.limited, async (context, { sessions }) => ({
    limited: await sessions.add(6),
    taken: context.get('taken'),
  }));
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }) as Server;
  if (!server.listening) await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
});
