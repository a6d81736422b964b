import { failOpen } from '@secureconnect/degraded-mode';
import { declarersFor } from '@secureconnect/service';
import type { GatewayContext } from '../context.ts';
import type { GatewayPorts } from '../ports.ts';

/** Declares the gateway's routes. */
export const { route, relay, relaySocket } = declarersFor<GatewayPorts, GatewayContext>();

/** The maximum age of the copy of the revocations; with an older copy the rows fail closed. */
export const maxSnapshotSeconds = 60;

/** While Redis is down, proxied routes count limits locally and use the copy of the revocations. */
export const whenRedisDown = {
  rateLimit: failOpen.local(),
  revocations: failOpen.snapshot({ maxStalenessSeconds: maxSnapshotSeconds }),
} as const;
