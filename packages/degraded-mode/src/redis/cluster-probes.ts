import { randomUUID } from 'node:crypto';
import type { Probes } from '../monitor.ts';
import { worseChange } from '../recovery.ts';
import { CannotServe } from './cannot-serve.ts';
import { ClusterShard, type IsMine, type ProbedCluster } from './cluster-shard.ts';
import { mastersOf } from './cluster-view.ts';
import { ifAllowed } from './if-allowed.ts';

/**
 * The monitor's view of a cluster. Our keys are spread over all slots, so the cluster can be used
 * only while every slot is served: each master is probed like a single server.
 */
export function createClusterProbes(probed: ProbedCluster): Probes {
  const { cluster } = probed;
  const processId = randomUUID();
  let shards: readonly ClusterShard[] = [];

  /** The current shards; one stays while its slot is at the same or its new master, or ends. */
  function current(): readonly (readonly [ClusterShard, IsMine])[] {
    const { firstSlots, uncovered } = mastersOf(cluster);
    if (uncovered > 0) throw new CannotServe('CLUSTERDOWN slots');
    const present = [...firstSlots.keys()].map((master) => {
      const isMine = (slot: number) => cluster.masterOf(slot) === master;
      const known = shards.find(({ slot }) => isMine(slot));
      return [known ?? new ClusterShard(probed, processId, isMine), isMine] as const;
    });
    const kept = new Set(present.map(([shard]) => shard));
    for (const shard of shards) if (!kept.has(shard)) shard.end();
    shards = [...kept];
    return present;
  }

  return {
    async full() {
      try {
        await cluster.reach();
        const probes = current().map(([shard, isMine]) => shard.probe(isMine));
        await Promise.all([...probes, probed.alsoPing?.()]);
      } catch (error) {
        cluster.refresh(error);
        throw error;
      }
    },
    async ping() {
      await Promise.all([
        ...shards.map(({ slot }) => cluster.ask(slot, 'ping')),
        probed.alsoPing?.(),
      ]);
    },
    async dataChange() {
      const ask = ({ slot }: ClusterShard) => ifAllowed(() => cluster.ask(slot, 'info', 'server'));
      const infos = await Promise.all(
        shards.map(async (shard) => String((await ask(shard)) ?? '')),
      );
      probed.onInfos?.(infos);
      const changes = shards.map(({ data }, index) => data.change(infos[index] ?? ''));
      return changes.reduce(worseChange, 'sameData');
    },
  };
}
