import type { Check } from '../check.ts';
import { fail, type Problem, skipped, verdict } from '../outcome.ts';
import { nameOf } from '../redis/address.ts';

/** The number of hash slots of any cluster (Redis cluster specification). */
const allSlots = 16_384;

/** Every slot of a cluster is served, and each master has a replica (docs/redis.md, Cluster). */
export const redisClusterCheck: Check = {
  name: 'redis-cluster',
  finds: 'slots that no node serves, and masters without a replica',
  source: 'redis.md#cluster',
  async run(deployment) {
    const { kind, cluster } = await deployment.redis();
    if (kind !== 'cluster') return skipped('REDIS_CLUSTER is not set');
    if (cluster === undefined) return skipped('no node answers; see the check redis');
    const problems: Problem[] = [];
    if (cluster.state !== 'ok' || cluster.slotsAssigned !== allSlots) {
      problems.push(
        fail(
          `cluster_state ${cluster.state}, ${cluster.slotsAssigned} slots assigned`,
          `ok, ${allSlots}`,
          'Bring the missing masters back, or assign their slots: the services are degraded.',
        ),
      );
    }
    const alone = cluster.masters.filter(({ replicas }) => replicas === 0);
    if (alone.length > 0) {
      problems.push(
        fail(
          `masters without a replica: ${alone.map(({ master }) => nameOf(master)).join(', ')}`,
          'a replica for each master, so that its slots outlive it',
          'Add replicas by redis-cli --cluster add-node --cluster-slave; Redis lists one ten seconds later.',
        ),
      );
    }
    return verdict(problems, `all slots served by ${cluster.masters.length} masters with replicas`);
  },
};
