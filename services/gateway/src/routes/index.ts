import { console, demo, docs, signals } from '@secureconnect/contracts/endpoints';
import { type Route, routesOf } from '@secureconnect/service';
import type { GatewayContext } from '../context.ts';
import { consoleRoutes } from './console.ts';
import { demoRoutes } from './demo.ts';
import { docsRoutes } from './docs.ts';
import { proxyRoutes } from './proxy.ts';
import { signalRoutes } from './signals.ts';
import { signalRequestRoutes } from './signals-requests.ts';
import { socketRoutes } from './sockets.ts';
import { everythingElse, strangersToSignals } from './unproxied.ts';

const ownRoutes: readonly Route<GatewayContext>[] = routesOf(signals, {
  ...signalRoutes,
  ...signalRequestRoutes,
});

/** Every route of the gateway. */
export const gatewayRoutes: readonly Route<GatewayContext>[] = [
  ...proxyRoutes,
  ...socketRoutes,
  strangersToSignals,
  ...ownRoutes,
  everythingElse,
  ...routesOf<typeof docs, GatewayContext>(docs, docsRoutes),
  // Before the console, whose pages have any name.
  ...routesOf<typeof demo, GatewayContext>(demo, demoRoutes),
  ...routesOf<typeof console, GatewayContext>(console, consoleRoutes),
];
