import { definePorts } from '@secureconnect/degraded-mode';
import type { Database } from '@secureconnect/postgres';
import { type Bus, createFanOut, type Hub } from '@secureconnect/realtime';
import type { RedisCommands } from '@secureconnect/redis';
import type { RevocationSnapshot } from '@secureconnect/tokens';
import { redisRevocations } from '@secureconnect/tokens/redis-revocations';
import { redisDirectory } from './ports/directory.ts';
import { everyoneOffline, type PresencePort } from './ports/presence.ts';
import type { MessageStore } from './stores/message-store.ts';
import type { MessageStoreMode } from './stores/message-store-mode.ts';

export interface PortDeps {
  readonly messages: MessageStore;
  readonly messageStoreMode: MessageStoreMode;
  readonly redis: RedisCommands;
  readonly database: Database;
  readonly snapshot: RevocationSnapshot;
  readonly hub: Hub;
  readonly bus: Bus;
  readonly presence: PresencePort;
}

/** The dependencies of the ports that Redis does not back. */
export const backedBy = { messages: 'message_store' } as const;

/** Chat's uses of Redis and of the message store, each with its possible fallbacks. */
export function createChatPorts(deps: PortDeps) {
  const { redis, database, snapshot, hub, bus, presence } = deps;
  return definePorts({
    messages: { dependency: deps.messageStoreMode, primary: deps.messages },
    fanOut: createFanOut(hub, bus),
    presence: { redis: presence, skip: everyoneOffline },
    directory: { redis: redisDirectory(redis, database) },
    revocations: { redis: redisRevocations(redis, snapshot, database), snapshot },
  });
}

export type ChatPorts = ReturnType<typeof createChatPorts>;
