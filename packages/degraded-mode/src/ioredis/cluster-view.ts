import type { ClusterView } from '../redis/cluster-view.ts';
import { epochKey } from './epoch-key.ts';
import type { PatientCluster } from './patient-cluster.ts';

/** A cluster as probes see it, by ioredis. */
export function clusterView(cluster: PatientCluster): ClusterView {
  return {
    reach: () => cluster.ping(),
    masterOf: (slot) => cluster.masterOf(slot),
    ask: (slot, name, ...values) => cluster.ask(slot, name, ...values),
    epochKey: (key) => epochKey(cluster, key),
    refresh: () => cluster.refreshSlotsCache(),
  };
}
