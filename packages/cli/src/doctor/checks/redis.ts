import type { Check } from '../check.ts';
import { fail, type Problem, verdict, warn } from '../outcome.ts';
import type { ServerReport } from '../redis/ask-server.ts';

/** The services promise nothing below it (docs/redis.md). */
const minMajorVersion = 7;

/** Every server of Redis answers with the credentials of the services, as a master or its replica. */
export const redisCheck: Check = {
  name: 'redis',
  finds: 'a server that does not answer, refuses the credentials, is a replica, or is older than 7',
  source: 'redis.md',
  async run(deployment) {
    const { masters, replicas, silent } = await deployment.redis();
    const problems: Problem[] = silent.map((who) =>
      fail(
        who,
        'an answer with the credentials of the services',
        'Start the server, or correct its address and REDIS_USERNAME, REDIS_PASSWORD, REDIS_TLS_….',
      ),
    );
    if (masters.length === 0 && silent.length === 0) {
      problems.push(fail('no master', 'a server that takes writes', 'See the check sentinels.'));
    }
    problems.push(...masters.flatMap(roleOf), ...[...masters, ...replicas].flatMap(versionOf));
    const names = masters.map(({ name }) => name).join(', ');
    return verdict(problems, `${names} with ${replicas.length} replicas`);
  },
};

function roleOf({ name, info }: ServerReport): Problem[] {
  const role = info.get('role') ?? 'unknown';
  if (role === 'master') return [];
  return [
    fail(
      `${name} has the role ${role}`,
      'a master, which takes writes',
      'Name the master, or its sentinels in REDIS_SENTINELS.',
    ),
  ];
}

function versionOf({ name, info }: ServerReport): Problem[] {
  // Valkey calls itself Redis 7.2.4 here, for compatibility.
  const version = info.get('redis_version') ?? '';
  if (Number.parseInt(version, 10) >= minMajorVersion) return [];
  return [
    warn(
      `${name} is version ${version || 'unknown'}`,
      `Redis ${minMajorVersion} or later, or Valkey`,
      'Upgrade Redis: nothing is promised with this version.',
    ),
  ];
}
