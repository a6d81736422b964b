import { CannotServe } from './classify.ts';
import type { RedisCommands } from './client.ts';
import { DataWatch } from './data-watch.ts';
import { createHearsItself } from './hears-itself.ts';
import type { ChannelSubscriber } from './link.ts';
import type { PatientCluster } from './patient-cluster.ts';
import type { ServerFound } from './server-found.ts';
import { slotOf } from './slot.ts';
import { createUses } from './uses.ts';

export interface ProbedCluster {
  readonly cluster: PatientCluster & RedisCommands;
  readonly subscriber: ChannelSubscriber;
  /** Called at the first contact and after each outage. */
  readonly onServer: (found: ServerFound) => void;
}

/** Whether a slot is at the probed master. */
export type IsMine = (slot: number) => boolean;

/** This many names miss the only slot of a master once in ten million times. */
const maxTriesForKeys = 262_144;
/** Channels are in 64 slots; a master without any of these carries no messages. */
const maxTriesForChannels = 1024;

interface Hearing {
  readonly slot: number;
  readonly hearsItself: () => Promise<void>;
}

/** One master of a cluster, probed with keys and a channel of its slots. */
export class ClusterShard {
  /** The slot of its keys. */
  readonly slot: number;
  readonly data: DataWatch;
  readonly #probed: ProbedCluster;
  readonly #processId: string;
  readonly #uses: () => Promise<void>;
  #hearing: Hearing | undefined;

  constructor(probed: ProbedCluster, processId: string, isMine: IsMine) {
    const { cluster } = probed;
    const keySlotOf = (name: string) => slotOf(cluster.keyspace.epoch(name));
    const id = nameIn(isMine, processId, keySlotOf, maxTriesForKeys);
    if (id === undefined) throw new CannotServe('CLUSTERDOWN slots');
    this.slot = keySlotOf(id);
    this.data = new DataWatch(cluster, cluster.keyspace.epoch(id));
    this.#probed = probed;
    this.#processId = processId;
    this.#uses = createUses(cluster, id);
  }

  /** Rejects if this master cannot serve the commands in use. */
  async probe(isMine: IsMine): Promise<void> {
    await Promise.all([
      this.#servesAllSlots(),
      this.data.check(),
      this.#uses(),
      this.#hearingAt(isMine)?.hearsItself(),
    ]);
  }

  /** A master that is isolated, or misses slots, reports it. */
  async #servesAllSlots(): Promise<void> {
    const info = String(await this.#probed.cluster.ask(this.slot, 'cluster', 'info'));
    const isWhole = /^cluster_slots_assigned:16384\r?$/m.test(info);
    const isOk = /^cluster_state:ok\r?$/m.test(info) && /^cluster_slots_fail:0\r?$/m.test(info);
    if (!isOk || !isWhole) throw new CannotServe('CLUSTERDOWN cluster');
  }

  #hearingAt(isMine: IsMine): Hearing | undefined {
    if (this.#hearing === undefined || !isMine(this.#hearing.slot)) {
      this.#hearing = hearingIn(isMine, this.#processId, this.#probed);
    }
    return this.#hearing;
  }
}

function hearingIn(
  isMine: IsMine,
  processId: string,
  { cluster, subscriber }: ProbedCluster,
): Hearing | undefined {
  const channelSlotOf = (name: string) => slotOf(cluster.keyspace.channel('probe', name));
  const name = nameIn(isMine, processId, channelSlotOf, maxTriesForChannels);
  if (name === undefined) return undefined;
  const hearsItself = createHearsItself(cluster, subscriber, name);
  return { slot: channelSlotOf(name), hearsItself };
}

/** Finds a name of this process whose slot is at the master. */
function nameIn(
  isMine: IsMine,
  processId: string,
  slotBy: (name: string) => number,
  maxTries: number,
): string | undefined {
  for (let number = 0; number < maxTries; number += 1) {
    const name = `${processId}:${number}`;
    if (isMine(slotBy(name))) return name;
  }
  return undefined;
}
