import {
  DegradedMode,
  definePorts,
  failClosed,
  failOpen,
  Monitor,
} from '@secureconnect/degraded-mode';
import { degradedErrors, degradedRoutes } from '@secureconnect/degraded-mode/express';
import express from 'express';

const upstream = process.env['PRICES_URL'] ?? 'http://localhost:4000';

const ask = async (path: string): Promise<{ cents: number }> => {
  const reply = await fetch(upstream + path, { signal: AbortSignal.timeout(1000) });
  if (reply.status >= 500) throw new TypeError(`${path} answered ${reply.status}`);
  return (await reply.json()) as { cents: number };
};

const prices = new DegradedMode({
  service: 'shop',
  dependency: 'prices',
  classify: (error) =>
    error instanceof TypeError ? { severity: 'hard', reason: 'fetch failed' } : undefined,
  portLimitMs: 300,
  maxCallsUnderWay: 50,
  rampMs: 5000,
});

await new Monitor({
  mode: prices,
  probes: { full: () => ask('/health') },
  reconcilers: [],
  healthCheckIntervalSeconds: 1,
}).start();

const ports = definePorts({
  prices: {
    dependency: prices,
    primary: { of: (item: string) => ask(`/prices/${encodeURIComponent(item)}`) },
    local: { of: async () => ({ cents: 999 }) },
  },
});

const app = express();

const route = degradedRoutes(app, prices, ports);

route.get(
  '/quotes/:item',
  { operation: 'quoting', whenDown: { prices: failOpen.local() } },
  ({ params }, bound) => bound.prices.of(params.item),
);

route.post(
  '/orders/:item',
  { operation: 'ordering', whenDown: { prices: failClosed({ retryAfterSeconds: 5 }) } },
  ({ params }, bound) => bound.prices.of(params.item),
);

app.use(degradedErrors).listen(Number(process.env['PORT'] ?? 3000));
