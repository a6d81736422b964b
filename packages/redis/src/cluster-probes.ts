import { randomUUID } from 'node:crypto';
import { type Probes, worseChange } from '@secureconnect/degraded-mode';
import { CannotServe } from './classify.ts';
import { ClusterShard, type IsMine, type ProbedCluster } from './cluster-shard.ts';
import { readServer } from './server-found.ts';

/**
 * The monitor's view of a cluster. The keys of the product are spread over all slots, so the cluster
 * can be used while every slot is served: each master is asked what a single server would be asked.
 */
export function createClusterProbes(probed: ProbedCluster): Probes {
  const { cluster, subscriber, onServer } = probed;
  const processId = randomUUID();
  let shards: readonly ClusterShard[] = [];

  /** The shards as they are now; one whose slot has stayed, or is at its new master, goes on. */
  function current(): readonly (readonly [ClusterShard, IsMine])[] {
    const { firstSlots, uncovered } = cluster.masters();
    if (uncovered > 0) throw new CannotServe('CLUSTERDOWN slots');
    const present = [...firstSlots.keys()].map((master) => {
      const isMine = (slot: number) => cluster.masterOf(slot) === master;
      const known = shards.find(({ slot }) => isMine(slot));
      return [known ?? new ClusterShard(probed, processId, isMine), isMine] as const;
    });
    shards = present.map(([shard]) => shard);
    return present;
  }

  return {
    async full() {
      try {
        // Where not even one node was found, this says so.
        await cluster.ping();
        const probes = current().map(([shard, isMine]) => shard.probe(isMine));
        await Promise.all([...probes, subscriber.ping()]);
      } catch (error) {
        // The slots may be elsewhere by now.
        cluster.refreshSlotsCache();
        throw error;
      }
    },
    async ping() {
      await Promise.all([
        ...shards.map(({ slot }) => cluster.ask(slot, 'ping')),
        subscriber.ping(),
      ]);
    },
    async dataChange() {
      const infos = await Promise.all(
        shards.map(async ({ slot }) => String(await cluster.ask(slot, 'info', 'server'))),
      );
      // Nodes that are the same are one line in the log.
      const found = new Map(infos.map(readServer).map((one) => [JSON.stringify(one), one]));
      for (const one of found.values()) onServer(one);
      const changes = shards.map(({ data }, index) => data.change(infos[index] ?? ''));
      return changes.reduce(worseChange, 'sameData');
    },
  };
}
