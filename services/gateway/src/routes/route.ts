import { failOpen } from '@secureconnect/degraded-mode';
import { declarersFor } from '@secureconnect/service';
import { revocationsBound } from '@secureconnect/tokens';
import type { GatewayContext } from '../context.ts';
import type { GatewayPorts } from '../ports.ts';

/** While Redis is down, proxied routes count limits locally and use the copy of the revocations. */
export const whenRedisDown = {
  rateLimit: failOpen.local(),
  revocations: failOpen.snapshot(revocationsBound),
} as const;

/** Declares the gateway's routes. */
export const { route, relay, relaySocket } = declarersFor<GatewayPorts, GatewayContext>({
  bearer: { revocations: whenRedisDown.revocations },
});
