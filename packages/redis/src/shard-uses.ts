import {
  type IsMine,
  nameIn,
  type ShardUses,
  slotOf,
} from '@secureconnect/degraded-mode/ioredis/parts';
import { createHearsItself, type HearingConnections, type HearsItself } from './hears-itself.ts';
import { createUses } from './uses.ts';

/** Channels are in 64 slots; a master without any of these carries no messages. */
const maxTriesForChannels = 1024;

interface ShardConnections extends HearingConnections {
  /** Its keys are at the master. */
  readonly name: string;
}

interface Hearing {
  readonly slot: number;
  readonly hearsItself: HearsItself;
}

/** Tries what we use at one master of a cluster: commands, and a channel of its slots. */
export function createShardUses({ name, ...connections }: ShardConnections): ShardUses {
  const { keyspace } = connections.redis;
  const uses = createUses(connections.redis, name);
  const channelSlotOf = (id: string): number => slotOf(keyspace.channel('probe', id));
  let hearing: Hearing | undefined;

  function hearingAt(isMine: IsMine): Hearing | undefined {
    if (hearing !== undefined && isMine(hearing.slot)) return hearing;
    end();
    const id = nameIn(isMine, name, channelSlotOf, maxTriesForChannels);
    if (id === undefined) return undefined;
    return { slot: channelSlotOf(id), hearsItself: createHearsItself(connections, id) };
  }

  function end(): void {
    // What cannot be said to the server ends with the connection: nobody wants it renewed.
    hearing?.hearsItself.end().catch(() => undefined);
    hearing = undefined;
  }

  return {
    async probe(isMine) {
      hearing = hearingAt(isMine);
      await Promise.all([uses(), hearing?.hearsItself.probe()]);
    },
    end,
  };
}
