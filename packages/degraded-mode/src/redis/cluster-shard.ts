import { CannotServe } from './cannot-serve.ts';
import type { ClusterView } from './cluster-view.ts';
import { DataWatch } from './data-watch.ts';
import { slotOf } from './slot.ts';

/** Whether a slot is at the probed master. */
export type IsMine = (slot: number) => boolean;

/** What a full probe tries besides at one master. */
export interface ShardUses {
  /** Rejects if the master refuses any of it. */
  probe(isMine: IsMine): Promise<unknown>;
  /** Gives back what it holds, once no master has its slot for itself; throws nothing. */
  end(): void;
}

export interface ProbedCluster {
  readonly cluster: ClusterView;
  /** The key of a name by which data is watched, as commands are given it. */
  readonly epochKeyOf: (name: string) => string;
  /** The prefix that the client puts before each key. */
  readonly keyPrefix?: string;
  /** Creates what each full probe tries besides at a master; the name's epoch key is there. */
  readonly alsoProbe?: (name: string) => ShardUses;
  /** What else is pinged. */
  readonly alsoPing?: () => Promise<unknown>;
  /** Called with the `INFO server` of each master at the first contact and after each outage. */
  readonly onInfos?: (infos: readonly string[]) => void;
}

/** This many names miss the only slot of a master once in ten million times. */
const maxTriesForKeys = 262_144;

/** One master of a cluster, probed with keys of its slots. */
export class ClusterShard {
  /** The slot of its keys. */
  readonly slot: number;
  readonly data: DataWatch;
  readonly #cluster: ClusterView;
  readonly #uses: ShardUses | undefined;

  constructor(probed: ProbedCluster, processId: string, isMine: IsMine) {
    const { cluster, epochKeyOf, keyPrefix = '' } = probed;
    const keySlotOf = (name: string) => slotOf(`${keyPrefix}${epochKeyOf(name)}`);
    const name = nameIn(isMine, processId, keySlotOf, maxTriesForKeys);
    if (name === undefined) throw new CannotServe('CLUSTERDOWN slots');
    this.slot = keySlotOf(name);
    this.data = new DataWatch(cluster.epochKey(epochKeyOf(name)));
    this.#cluster = cluster;
    this.#uses = probed.alsoProbe?.(name);
  }

  /** Rejects if this master cannot serve the commands in use. */
  async probe(isMine: IsMine): Promise<void> {
    await Promise.all([this.#servesAllSlots(), this.data.check(), this.#uses?.probe(isMine)]);
  }

  /** Gives back what its probes hold; it is probed no more. */
  end(): void {
    this.#uses?.end();
  }

  /** A master that is isolated, or misses slots, reports it. */
  async #servesAllSlots(): Promise<void> {
    const info = String(await this.#cluster.ask(this.slot, 'cluster', 'info'));
    const isWhole = /^cluster_slots_assigned:16384\r?$/m.test(info);
    const isOk = /^cluster_state:ok\r?$/m.test(info) && /^cluster_slots_fail:0\r?$/m.test(info);
    if (!isOk || !isWhole) throw new CannotServe('CLUSTERDOWN cluster');
  }
}

/** Finds a name of this process whose slot is at the master. */
export function nameIn(
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
