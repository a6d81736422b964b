import type { ClusterAddress } from './address.ts';
import { firstConnect } from './client.ts';
import { clusterOptions } from './client-options.ts';
import { createClusterProbes } from './cluster-probes.ts';
import { createKeyspace } from './keyspace.ts';
import type { Link, LinkOptions } from './link.ts';
import { pingMasters } from './node-pings.ts';
import { watchNodes } from './node-watch.ts';
import { OpenSockets } from './open-sockets.ts';
import { PatientCluster } from './patient-cluster.ts';
import { ShardedSubscriber } from './sharded-subscriber.ts';
import { endSilentConnections } from './silence.ts';

/** Two connections to each master of a cluster: one for commands, one for sharded pub/sub. */
export function openClusterLink(address: ClusterAddress, options: LinkOptions): Link {
  const sockets = new OpenSockets();
  const settings = clusterOptions(address, sockets.connector());
  const client = new PatientCluster([...address.nodes], settings);
  const cluster = Object.assign(client, {
    keyspace: createKeyspace(options.keyPrefix),
    // Subscriptions are sharded, so unsharded messages would reach nobody.
    publish: (channel: string, text: string) => client.spublish(channel, text),
  });
  watchNodes(cluster, options);
  const subscriber = new ShardedSubscriber(address, cluster, options);
  const stopPinging = pingMasters(cluster, options.onAnswer);
  const stopWatching = endSilentConnections(() => [
    ...cluster.nodes(),
    ...subscriber.connections(),
  ]);
  const { onServer } = options;
  return {
    commands: cluster,
    subscriber,
    probes: createClusterProbes({ cluster, subscriber, onServer }),
    subscribeAgain: () => subscriber.subscribeAgain(),
    async connect() {
      await firstConnect(cluster);
      await Promise.all([...cluster.nodes('master').map(firstConnect), subscriber.connect()]);
    },
    async close() {
      stopPinging();
      stopWatching();
      await Promise.all([endCluster(cluster, sockets), subscriber.close()]);
    },
  };
}

async function endCluster(cluster: PatientCluster, sockets: OpenSockets): Promise<void> {
  cluster.disconnect();
  // A pending refresh uses a separate connection, which may not be open yet.
  await new Promise<void>((resolve) => cluster.refreshSlotsCache(() => resolve()));
  await sockets.untilClosed();
}
