/** What tests of packages that build on this one use of its own. */
export { type ClusterNode, clusterNode, meet, untilClusterServes } from './cluster-node.ts';
export { connectedClient, errorOf, oneClient } from './one-client.ts';
export { type Watched, watchedRedis } from './sentinel.ts';
export { stopWithMuchToLoad } from './slow-loading.ts';
