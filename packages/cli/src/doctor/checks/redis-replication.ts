import type { Check } from '../check.ts';
import { fail, type Problem, skipped, verdict } from '../outcome.ts';
import type { ServerReport } from '../redis/ask-server.ts';
import { answeringRedis } from '../redis/of-redis.ts';

/**
 * The master of a set has replicas in sync and refuses writes without one. Otherwise a master that
 * is cut off goes on accepting writes, which are lost when it comes back (deploy/redis-ha).
 */
export const redisReplicationCheck: Check = {
  name: 'redis-replication',
  finds: 'a master behind sentinels without a replica in sync, or without min-replicas-to-write',
  source: 'https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/',
  async run(deployment) {
    const { kind, masters } = await answeringRedis(deployment);
    if (kind !== 'sentinel') return skipped(`this is a ${kind} Redis, without sentinels`);
    return verdict(masters.flatMap(problemsOf), masters.map(fine).join(', '));
  },
};

/** `slave0:ip=…,port=…,state=online,offset=…,lag=1` */
function online(info: ServerReport['info']): number {
  const replicas = [...info].filter(([field]) => /^slave\d+$/.test(field));
  return replicas.filter(([, value]) => value.includes('state=online')).length;
}

const fine = ({ name, info }: ServerReport): string =>
  `${name} has ${online(info)} replicas in sync and refuses writes without one`;

function problemsOf({ name, info }: ServerReport): Problem[] {
  const problems: Problem[] = [];
  if (online(info) === 0) {
    problems.push(
      fail(
        `${name} has no replica in sync`,
        'at least one, which can replace it',
        'Start the replicas, and read their logs for why they do not follow.',
      ),
    );
  }
  // The field is there only if both settings are greater than 0.
  if (!info.has('min_slaves_good_slaves')) {
    problems.push(
      fail(
        `${name} accepts writes without a replica`,
        'min-replicas-to-write 1 and min-replicas-max-lag 2',
        'Set both in redis.conf and by CONFIG SET, on every server of the set.',
      ),
    );
  }
  return problems;
}
