import { definePorts } from '@secureconnect/degraded-mode';
import type { Database } from '@secureconnect/postgres';
import { type Bus, createFanOut, type Hub } from '@secureconnect/realtime';
import type { RedisCommands } from '@secureconnect/redis';
import type { RevocationSnapshot } from '@secureconnect/tokens';
import { redisRevocations } from '@secureconnect/tokens/redis-revocations';
import { redisDirectory } from './ports/directory.ts';
import { everyoneOffline, type PresencePort } from './ports/presence.ts';

export interface PortDeps {
  readonly redis: RedisCommands;
  readonly database: Database;
  readonly snapshot: RevocationSnapshot;
  readonly hub: Hub;
  readonly bus: Bus;
  readonly presence: PresencePort;
}

/** Chat's uses of Redis, each with its possible fallbacks. */
export function createChatPorts({ redis, database, snapshot, hub, bus, presence }: PortDeps) {
  return definePorts({
    fanOut: createFanOut(hub, bus),
    presence: { redis: presence, skip: everyoneOffline },
    directory: { redis: redisDirectory(redis, database) },
    revocations: { redis: redisRevocations(redis, snapshot, database), snapshot },
  });
}

export type ChatPorts = ReturnType<typeof createChatPorts>;
