import type { ClusterAddress } from '../redis/address.ts';
import type { ConnectionEvents } from '../redis/connection.ts';
import { clusterOptions } from './client-options.ts';
import { firstConnect } from './connecting.ts';
import { pingMasters } from './node-pings.ts';
import { watchNodes } from './node-watch.ts';
import { OpenSockets } from './open-sockets.ts';
import { PatientCluster } from './patient-cluster.ts';
import { endSilentConnections } from './silence.ts';

/** A client of a cluster, and the watch over its connections. */
export interface OpenedCluster {
  readonly cluster: PatientCluster;
  /** Resolves when the first connections stand, or have failed. */
  connect(): Promise<void>;
  close(): Promise<void>;
}

/** A client of a cluster, with a connection to each master. */
export function openCluster(
  address: ClusterAddress,
  events: ConnectionEvents,
  keyPrefix = '',
): OpenedCluster {
  const sockets = new OpenSockets();
  const settings = clusterOptions(address, sockets.connector());
  const cluster = new PatientCluster([...address.nodes], { ...settings, keyPrefix });
  watchNodes(cluster, events);
  const stopPinging = pingMasters(cluster, events.onAnswer);
  const stopWatching = endSilentConnections(() => cluster.nodes());
  return {
    cluster,
    async connect() {
      await firstConnect(cluster);
      await Promise.all(cluster.nodes('master').map(firstConnect));
    },
    async close() {
      stopPinging();
      stopWatching();
      await endCluster(cluster, sockets);
    },
  };
}

async function endCluster(cluster: PatientCluster, sockets: OpenSockets): Promise<void> {
  cluster.disconnect();
  // A pending refresh uses a separate connection, which may not be open yet.
  await new Promise<void>((resolve) => cluster.refreshSlotsCache(() => resolve()));
  // It may have brought the nodes back, which would stay connected.
  for (const node of cluster.nodes()) node.disconnect();
  await sockets.untilClosed();
}
