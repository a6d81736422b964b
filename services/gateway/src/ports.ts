import { definePorts } from '@secureconnect/degraded-mode';
import type { Database } from '@secureconnect/postgres';
import type { RateLimit } from '@secureconnect/rate-limit';
import type { RedisCommands } from '@secureconnect/redis';
import type { RevocationSnapshot } from '@secureconnect/tokens';
import { redisRevocations } from '@secureconnect/tokens/redis-revocations';
import { upstreamService } from './proxy/upstream-service.ts';
import type { UpstreamName } from './proxy/upstreams/names.ts';
import type { UpstreamModes } from './proxy/upstreams/open-upstreams.ts';
import type { Upstream } from './proxy/upstreams/upstream.ts';
import type { Deduplication } from './signals/redis/deduplication.ts';
import type { Storms } from './signals/redis/storms.ts';
import type { RemediationStoreMode } from './signals/remediation-store-mode.ts';
import type { RemediationSink } from './signals/sink.ts';

export interface PortDeps {
  readonly redis: RedisCommands;
  readonly database: Database;
  readonly snapshot: RevocationSnapshot;
  readonly rateLimit: RateLimit;
  readonly deduplication: Deduplication;
  readonly storms: Storms;
  readonly storeMode: RemediationStoreMode;
  readonly remediationRequests: RemediationSink;
  readonly upstreams: Readonly<Record<UpstreamName, Upstream>>;
  readonly upstreamModes: UpstreamModes;
}

/** The dependencies of the ports that Redis does not back. */
export const backedBy = {
  remediationRequests: 'remediation_store',
  authService: 'auth',
  chatService: 'chat',
  videoService: 'video',
  storageService: 'storage',
} as const;

/** The gateway's uses of Redis and of other dependencies, each with its possible fallbacks. */
export function createGatewayPorts(parts: PortDeps) {
  const { redis, database, snapshot, rateLimit, deduplication, storms } = parts;
  const behind = <Name extends UpstreamName>(name: Name) => ({
    dependency: parts.upstreamModes[name],
    primary: upstreamService(parts.upstreams[name]),
  });
  return definePorts({
    rateLimit: { redis: rateLimit.redis, local: rateLimit.local },
    deduplication: { redis: deduplication },
    storms: { redis: storms },
    remediationRequests: { dependency: parts.storeMode, primary: parts.remediationRequests },
    revocations: { redis: redisRevocations(redis, snapshot, database), snapshot },
    authService: behind('auth'),
    chatService: behind('chat'),
    videoService: behind('video'),
    storageService: behind('storage'),
  });
}

export type GatewayPorts = ReturnType<typeof createGatewayPorts>;
