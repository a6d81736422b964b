import type { Route } from '@secureconnect/service';
import type { GatewayContext } from '../context.ts';
import { proxyRoutes } from './proxy.ts';
import { signalRoutes } from './signals.ts';
import { signalRequestRoutes } from './signals-requests.ts';
import { socketRoutes } from './sockets.ts';
import { everythingElse, strangersToSignals } from './unproxied.ts';

/** Every route of the gateway. */
export const gatewayRoutes: readonly Route<GatewayContext>[] = [
  ...proxyRoutes,
  ...socketRoutes,
  strangersToSignals,
  ...signalRoutes,
  ...signalRequestRoutes,
  everythingElse,
];
