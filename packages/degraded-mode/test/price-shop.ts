import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { degradedErrors, degradedRoutes } from '../src/express.ts';
import {
  type Classify,
  DegradedMode,
  definePorts,
  failClosed,
  failOpen,
  Monitor,
} from '../src/index.ts';
import { newMode } from './scripted-probes.ts';

interface Prices {
  find(): Promise<number>;
}

/** The errors of `fetch` are of the upstream, whatever they are. */
const classify: Classify = (error) =>
  error instanceof TypeError ? { severity: 'hard', reason: 'fetch failed' } : undefined;

const closed = failClosed({ retryAfterSeconds: 3 });

/** A shop that asks an upstream for its prices, as an app would be written with the package. */
export async function startShop(url: string) {
  const redis = newMode();
  const prices = new DegradedMode({ service: 'shop', dependency: 'prices', classify });
  const ask = async (path: string): Promise<number> => {
    const reply = await fetch(`${url}${path}`);
    return ((await reply.json()) as { cents: number }).cents;
  };
  const monitor = new Monitor({
    mode: prices,
    probes: { full: () => ask('/health') },
    reconcilers: [],
    healthCheckIntervalSeconds: 0.1,
    timing: { probeIntervalMs: 20, probeLimitMs: 200 },
  });
  await monitor.start();

  const primary: Prices = { find: () => ask('/price') };
  const ports = definePorts({
    prices: { dependency: prices, primary, local: { find: async () => 999 } },
    visits: { redis: { count: async () => 1 }, local: { count: async () => 2 } },
  });
  const app = express();
  const route = degradedRoutes(app, redis, ports);
  const opened = { prices: failOpen.local(), visits: failOpen.local() };
  route.get('/quote', { operation: 'quoting', whenDown: opened }, async (_request, bound) => ({
    cents: await bound.prices.find(),
    visits: await bound.visits.count(),
  }));
  route.post('/buy', { operation: 'buying', whenDown: { prices: closed } }, async (_, bound) => ({
    cents: await bound.prices.find(),
  }));
  route.get(
    '/visits',
    { operation: 'visits', whenRedisDown: { visits: failOpen.local() } },
    async (_request, { visits }) => ({ visits: await visits.count() }),
  );
  app.use(degradedErrors);
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  async function send(method: string, path: string) {
    const reply = await fetch(`http://127.0.0.1:${port}${path}`, { method });
    const { status, headers } = reply;
    const body = (await reply.json()) as Readonly<Record<string, unknown>>;
    return { status, body, degraded: headers.get('x-degraded'), retry: headers.get('retry-after') };
  }
  return {
    ...{ redis, prices, send },
    async [Symbol.asyncDispose](): Promise<void> {
      monitor.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
