import { failClosed, failOpen } from '@secureconnect/degraded-mode';
import { declarersFor } from '@secureconnect/service';
import { revocationsBound } from '@secureconnect/tokens';
import type { GatewayContext } from '../context.ts';
import { backedBy, type GatewayPorts } from '../ports.ts';
import { upstreamRetryAfterSeconds } from '../proxy/upstreams/upstream-unreachable.ts';
import { remediationStoreRetryAfterSeconds } from '../signals/remediation-store-unavailable.ts';

/** While no instance of its service can be reached, a proxied route is refused. */
export const whenUnreachable = failClosed({ retryAfterSeconds: upstreamRetryAfterSeconds });

/** While Redis is down, proxied routes count limits locally and use the copy of the revocations. */
export const whenRedisDown = {
  rateLimit: failOpen.local(),
  revocations: failOpen.snapshot(revocationsBound),
} as const;

/** Declares the gateway's routes. */
export const { route, relay, relaySocket } = declarersFor<GatewayPorts, GatewayContext>({
  bearer: { revocations: whenRedisDown.revocations },
  backedBy,
});

/** For a route that needs the store of remediation requests. */
export const needsRemediationRequests = {
  remediationRequests: failClosed({ retryAfterSeconds: remediationStoreRetryAfterSeconds }),
} as const;
