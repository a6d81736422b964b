import { definePorts } from '@secureconnect/degraded-mode';
import type { Database } from '@secureconnect/postgres';
import type { RateLimit } from '@secureconnect/rate-limit';
import type { RedisCommands } from '@secureconnect/redis';
import { type RevocationSnapshot, redisRevocations } from '@secureconnect/tokens';

export interface PortParts {
  readonly redis: RedisCommands;
  readonly database: Database;
  readonly snapshot: RevocationSnapshot;
  readonly rateLimit: RateLimit;
}

/** Every use that the gateway makes of Redis, and beside each what may stand in for it. */
export function createGatewayPorts({ redis, database, snapshot, rateLimit }: PortParts) {
  return definePorts({
    rateLimit: { redis: rateLimit.redis, local: rateLimit.local },
    revocations: { redis: redisRevocations(redis, snapshot, database), snapshot },
  });
}

export type GatewayPorts = ReturnType<typeof createGatewayPorts>;
