import type { Authorize } from '@secureconnect/service';
import type { GatewayContext } from '../context.ts';

/** The rows of signals ask for the token of signals. */
export const authorizeSignals: Authorize<GatewayContext> = (request, { signals }) =>
  signals.authorize(request);
