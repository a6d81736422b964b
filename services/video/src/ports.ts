import { definePorts } from '@secureconnect/degraded-mode';
import type { Database } from '@secureconnect/postgres';
import { type Bus, createFanOut, type Hub } from '@secureconnect/realtime';
import type { RedisCommands } from '@secureconnect/redis';
import type { RevocationSnapshot } from '@secureconnect/tokens';
import { redisRevocations } from '@secureconnect/tokens/redis-revocations';
import type { PushPort } from './push/push-port.ts';

export interface PortDeps {
  readonly redis: RedisCommands;
  readonly database: Database;
  readonly snapshot: RevocationSnapshot;
  readonly hub: Hub;
  readonly bus: Bus;
  readonly push: { readonly redis: PushPort; readonly skip: PushPort };
}

/** Every use that video makes of Redis, and beside each what may stand in for it. */
export function createVideoPorts({ redis, database, snapshot, hub, bus, push }: PortDeps) {
  return definePorts({
    fanOut: createFanOut(hub, bus),
    push,
    revocations: { redis: redisRevocations(redis, snapshot, database), snapshot },
  });
}

export type VideoPorts = ReturnType<typeof createVideoPorts>;
