import type { Check } from '../check.ts';
import { fail, type Problem, verdict, warn } from '../outcome.ts';
import type { ServerReport } from '../redis/ask-server.ts';
import { answeringRedis } from '../redis/of-redis.ts';

/**
 * Above this share, Redis has no room for the copy that it writes to rewrite its file
 * (docs/operations.md, Sizing: the limit is twice the data).
 */
const maxUsedShare = 0.9;

/** Redis removes no key to make room: one of them may be a revocation. */
export const redisEvictionCheck: Check = {
  name: 'redis-eviction',
  finds: 'a maxmemory-policy that removes keys, and memory that is almost used up',
  source: 'https://redis.io/docs/latest/develop/reference/eviction/',
  async run(deployment) {
    const { masters, replicas } = await answeringRedis(deployment);
    const problems = [...masters, ...replicas].flatMap(problemsOf);
    return verdict(problems, 'maxmemory-policy noeviction, with memory left');
  },
};

function problemsOf({ name, info }: ServerReport): Problem[] {
  const policy = info.get('maxmemory_policy') ?? 'unknown';
  const [used, max] = ['used_memory', 'maxmemory'].map((field) => Number(info.get(field) ?? 0));
  const problems: Problem[] = [];
  if (policy !== 'noeviction') {
    problems.push(
      fail(
        `${name} has maxmemory-policy ${policy}`,
        'noeviction: a removed key may be a revocation or a count of guesses',
        'Set maxmemory-policy noeviction in redis.conf and by CONFIG SET.',
      ),
    );
  }
  if (used !== undefined && max !== undefined && max > 0 && used > max * maxUsedShare) {
    const percent = Math.round((used / max) * 100);
    problems.push(
      warn(
        `${name} uses ${percent} % of its maxmemory`,
        `at most ${maxUsedShare * 100} %`,
        'Raise maxmemory: beyond it, Redis refuses writes and the services are degraded.',
      ),
    );
  }
  return problems;
}
