import type { ClusterAddress } from '@secureconnect/degraded-mode/ioredis';
import {
  clusterView,
  createClusterProbes,
  endSilentConnections,
  openCluster,
} from '@secureconnect/degraded-mode/ioredis/parts';
import { activeTracing } from '@secureconnect/service';
import { createArrivals } from './arrivals.ts';
import { createKeyspace } from './keyspace.ts';
import type { Link, LinkOptions } from './link.ts';
import { readServer } from './server-found.ts';
import { createShardUses } from './shard-uses.ts';
import { ShardedSubscriber } from './sharded-subscriber.ts';
import { traceCommands } from './traced-commands.ts';

/** Two connections to each master of a cluster: one for commands, one for sharded pub/sub. */
export function openClusterLink(address: ClusterAddress, options: LinkOptions): Link {
  const opened = openCluster(address, options);
  const client = opened.cluster;
  const keyspace = createKeyspace(options.keyPrefix);
  const cluster = Object.assign(client, {
    keyspace,
    // Subscriptions are sharded, so unsharded messages would reach nobody.
    publish: (channel: string, text: string) => client.spublish(channel, text),
  });
  const tracing = activeTracing();
  if (tracing !== undefined) traceCommands(cluster, tracing);
  const { onHeard } = options;
  const subscriber = new ShardedSubscriber(address, cluster, options);
  const arrivals = createArrivals(subscriber);
  const stopWatching = endSilentConnections(() => subscriber.connections());
  const probes = createClusterProbes({
    cluster: clusterView(cluster),
    epochKeyOf: (name) => keyspace.epoch(name),
    alsoProbe: (name) => createShardUses({ redis: cluster, subscriber, arrivals, name, onHeard }),
    alsoPing: () => subscriber.ping(),
    onInfos(infos) {
      // Nodes with the same version share one line in the log.
      const found = new Map(infos.map(readServer).map((one) => [JSON.stringify(one), one]));
      for (const one of found.values()) options.onServer(one);
    },
  });
  return {
    commands: cluster,
    subscriber,
    probes,
    subscribeAgain: () => subscriber.subscribeAgain(),
    async connect() {
      await opened.connect();
      await subscriber.connect();
    },
    async close() {
      stopWatching();
      await Promise.all([opened.close(), subscriber.close()]);
    },
  };
}
