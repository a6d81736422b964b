/** The parts of `connect`, for a connection with more clients than one. */

export { createClusterProbes } from '../redis/cluster-probes.ts';
export { type IsMine, nameIn, type ShardUses } from '../redis/cluster-shard.ts';
export { readErrorReply } from '../redis/error-reply.ts';
export { nameOf } from '../redis/host-port.ts';
export { createServerProbes } from '../redis/server-probes.ts';
export { slotOf } from '../redis/slot.ts';
export { clientOptions, nodeOptions } from './client-options.ts';
export { clusterView } from './cluster-view.ts';
export { parseReply, UnexpectedReply } from './command-errors.ts';
export { disconnect, firstConnect } from './connecting.ts';
export { epochKey } from './epoch-key.ts';
export { followFailovers } from './failovers.ts';
export { NodeFailure } from './node-watch.ts';
export { type OpenedCluster, openCluster } from './open-cluster.ts';
export { addressOfNode, type NodeName, type PatientCluster } from './patient-cluster.ts';
export { PatientRedis } from './patient-redis.ts';
export { sentinelClient } from './sentinel-client.ts';
export { fields, list } from './sentinel-replies.ts';
export { endSilentConnections } from './silence.ts';
export { watchConnection } from './watch-connection.ts';
