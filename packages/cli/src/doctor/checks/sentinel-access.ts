import type { Check } from '../check.ts';
import { fail, skipped, verdict, warn } from '../outcome.ts';
import { hostPort } from '../redis/address.ts';
import { isLoopback } from '../support/hosts.ts';

/**
 * Sentinels take no orders without a password: a person who may change what they watch can
 * make any server the master of the services. On loopback only this machine reaches them: a warning.
 */
export const sentinelAccessCheck: Check = {
  name: 'sentinel-access',
  finds: 'a sentinel that takes orders of administrators without a password',
  source: 'redis.md#users-and-rights',
  async run(deployment) {
    const { kind, sentinels } = await deployment.redis();
    if (kind !== 'sentinel') return skipped('REDIS_SENTINELS is not set');
    const answering = sentinels.filter(({ answer }) => typeof answer !== 'string');
    if (answering.length === 0) return skipped('no sentinel answers; see the check sentinels');
    const open = sentinels.filter(({ admitsAdministrators }) => admitsAdministrators);
    const problems = open.map(({ name }) =>
      (isLoopback(hostPort('REDIS_SENTINELS', name).host) ? warn : fail)(
        `${name} takes SENTINEL CONFIG without a password`,
        'rights to ask and to listen alone for the user default',
        'Restrict the user default as in deploy/redis-ha/templates/sentinel.conf.',
      ),
    );
    return verdict(problems, 'no sentinel takes orders without a password');
  },
};
