import type { EpochKey } from './data-watch.ts';

const slotCount = 16_384;

/** A cluster as probes see it, whatever the client. */
export interface ClusterView {
  /** Rejects if no node is known. */
  reach(): Promise<unknown>;
  /** The name of the master that serves a slot; undefined if it is not known. */
  masterOf(slot: number): string | undefined;
  /** Sends a command without a key to the master of a slot. */
  ask(slot: number, name: string, ...values: string[]): Promise<unknown>;
  epochKey(key: string): EpochKey;
  /** Asks the nodes which slots they serve, because this error may say that they have moved. */
  refresh(error: unknown): void;
}

/** The masters and the first slot of each; `uncovered` counts slots that no node serves. */
export interface Masters {
  readonly firstSlots: ReadonlyMap<string, number>;
  readonly uncovered: number;
}

/** The masters of a cluster. */
export function mastersOf(cluster: Pick<ClusterView, 'masterOf'>): Masters {
  const firstSlots = new Map<string, number>();
  let uncovered = 0;
  let last: string | undefined;
  for (let slot = 0; slot < slotCount; slot += 1) {
    const master = cluster.masterOf(slot);
    if (master === undefined) uncovered += 1;
    else if (master !== last && !firstSlots.has(master)) firstSlots.set(master, slot);
    last = master;
  }
  return { firstSlots, uncovered };
}
