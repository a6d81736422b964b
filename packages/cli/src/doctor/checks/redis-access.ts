import type { Check } from '../check.ts';
import { fail, verdict, warn } from '../outcome.ts';
import { answeringRedis } from '../redis/of-redis.ts';
import { isLoopback } from '../support/hosts.ts';

/**
 * Redis answers nobody without a password or a client certificate. A person whom it answers
 * can make revoked tokens valid again and run scripts. On loopback only this machine reaches it, which Redis'
 * own protected mode permits; so that is a warning.
 */
export const redisAccessCheck: Check = {
  name: 'redis-access',
  finds: 'a Redis server that answers without a password',
  source: 'https://redis.io/docs/latest/operate/oss_and_stack/management/security/',
  async run(deployment) {
    const { masters, replicas } = await answeringRedis(deployment);
    const open = [...masters, ...replicas].filter(({ admitsAnybody }) => admitsAnybody);
    const problems = open.map(({ name, host }) =>
      (isLoopback(host) ? warn : fail)(
        `${name} answers without a password`,
        'a password, or client certificates',
        'Set requirepass and masterauth, or users as in docs/redis.md, and REDIS_PASSWORD.',
      ),
    );
    return verdict(problems, 'no server answers without credentials');
  },
};
