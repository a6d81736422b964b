import { failOpen } from '@secureconnect/degraded-mode';
import { declarersFor } from '@secureconnect/service';
import type { GatewayContext } from '../context.ts';
import type { GatewayPorts } from '../ports.ts';

/** Declares the gateway's routes. */
export const { route, relay, relaySocket } = declarersFor<GatewayPorts, GatewayContext>();

/** With an older copy of the revocations the rows fail closed, in seconds. */
export const maxSnapshotSeconds = 60;

/** Every proxied route goes on without Redis: limits are counted here, revocations are known. */
export const whenRedisDown = {
  rateLimit: failOpen.local(),
  revocations: failOpen.snapshot({ maxStalenessSeconds: maxSnapshotSeconds }),
} as const;
