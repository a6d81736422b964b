import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import express from 'express';
import express4 from 'express-4';
import {
  declareJsonRoutes,
  itKeepsTheContract,
  type RunningApp,
  rows,
  type TestPorts,
} from '../test/adapter-contract.ts';
import type { DegradedMode } from './degraded-mode.ts';
import { degradedErrors, degradedRoutes } from './express.ts';
import type { TableOptions } from './rows.ts';

async function startShop(
  framework: () => express.Express,
  mode: DegradedMode,
  ports: TestPorts,
  options?: TableOptions,
): Promise<RunningApp> {
  const app = framework();
  const route = degradedRoutes(app, mode, ports, options);
  declareJsonRoutes(route);
  app.get(
    '/moved/:code',
    route.declared(rows.moved, async ({ params, ports: { hitCounter } }, response) => {
      response.redirect(`/${params['code']}/${await hitCounter.add(3)}`);
    }),
  );
  app.get(
    '/text',
    route.declared(rows.text, async ({ ports: { hitCounter } }, response) => {
      Readable.from([await hitCounter.add(4)]).pipe(response.type('text'));
    }),
  );
  app.use(
    '/limited',
    route.declared(rows.limiter, async ({ ports: { hitCounter } }, response, next) => {
      response.locals['taken'] = await hitCounter.add(5);
      next();
    }),
  );
  route.get('/limited', rows.limited, async ({ res }, { sessions }) => ({
    limited: await sessions.add(6),
    taken: res?.locals['taken'],
  }));
  app.use(degradedErrors);
  app.use(((error: Error, _request, response, _next) => {
    response.status(500).send(error.message);
  }) satisfies express.ErrorRequestHandler);
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

itKeepsTheContract('Express 5', (...given) => startShop(express, ...given));
// Its types are of their own: a user of Express 4 has those alone, as in packed.test.ts.
const framework4 = express4 as unknown as () => express.Express;
itKeepsTheContract('Express 4', (...given) => startShop(framework4, ...given));
