import { type IsMine, nameIn, slotOf } from '@secureconnect/degraded-mode/ioredis/parts';
import type { RedisCommands } from './client.ts';
import { createHearsItself } from './hears-itself.ts';
import type { ChannelSubscriber } from './link.ts';
import { createUses } from './uses.ts';

/** Channels are in 64 slots; a master without any of these carries no messages. */
const maxTriesForChannels = 1024;

interface ShardConnections {
  readonly redis: RedisCommands;
  readonly subscriber: ChannelSubscriber;
  /** Called with whether this process hears its own messages, though Redis takes them. */
  readonly onHeard: (heard: boolean) => void;
  /** Its keys are at the master. */
  readonly name: string;
}

interface Hearing {
  readonly slot: number;
  readonly hearsItself: () => Promise<void>;
}

/** Tries what we use at one master of a cluster: commands, and a channel of its slots. */
export function createShardUses({ redis, subscriber, name, onHeard }: ShardConnections) {
  const { keyspace } = redis;
  const uses = createUses(redis, name);
  const channelSlotOf = (id: string): number => slotOf(keyspace.channel('probe', id));
  let hearing: Hearing | undefined;

  function hearingAt(isMine: IsMine): Hearing | undefined {
    if (hearing !== undefined && isMine(hearing.slot)) return hearing;
    const id = nameIn(isMine, name, channelSlotOf, maxTriesForChannels);
    if (id === undefined) return undefined;
    const hearsItself = createHearsItself(redis, subscriber, id, onHeard);
    return { slot: channelSlotOf(id), hearsItself };
  }

  return async (isMine: IsMine): Promise<void> => {
    hearing = hearingAt(isMine);
    await Promise.all([uses(), hearing?.hearsItself()]);
  };
}
