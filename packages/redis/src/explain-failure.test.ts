import type { RedisAddress } from '@secureconnect/degraded-mode/ioredis';
import { troubleshootingRows } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { explainRedisFailure, redisExplanations } from './explain-failure.ts';

const url = 'rediss://ada:hidden-word@cache/3';
const single: RedisAddress = { kind: 'single', url };
const nodes = [
  { host: 'one', port: 7001 },
  { host: 'two', port: 7002 },
];
const sentinel: RedisAddress = { kind: 'sentinel', sentinels: nodes, masterName: 'mymaster' };
const cluster: RedisAddress = { kind: 'cluster', nodes };

it.each([
  [
    'WRONGPASS auth',
    single,
    'Redis at cache:6379: the user or its password was refused (WRONGPASS auth). Correct the password in REDIS_URL, or REDIS_PASSWORD.',
  ],
  [
    'sentinels: NOAUTH sentinel',
    sentinel,
    'Redis sentinels at one:7001,two:7002: a password is demanded (NOAUTH sentinel). Set REDIS_SENTINEL_PASSWORD.',
  ],
  [
    'WRONGPASS auth',
    sentinel,
    'Redis "mymaster" behind the sentinels at one:7001,two:7002: the user or its password was refused (WRONGPASS auth). Correct REDIS_PASSWORD.',
  ],
  [
    'sentinels: no master is called mymaster',
    sentinel,
    'Redis sentinels at one:7001,two:7002: the sentinels know no master of this name (no master is called mymaster). Correct REDIS_MASTER_NAME.',
  ],
  [
    'ERR cluster at one:7001',
    cluster,
    'Redis at one:7001: the server is not part of a cluster (ERR cluster). Set REDIS_URL in place of REDIS_CLUSTER.',
  ],
  [
    'ENOTFOUND',
    cluster,
    'Redis cluster at one:7001,two:7002: the host name does not resolve (ENOTFOUND). Correct the host in REDIS_CLUSTER, or the DNS of this machine.',
  ],
  [
    'sentinels: ECONNRESET',
    sentinel,
    'Redis sentinels at one:7001,two:7002: the connection was closed (ECONNRESET). Check that Redis runs there; if it demands TLS, set REDIS_SENTINEL_TLS=true.',
  ],
])('%s of an address is one line (%#)', (reason, address, line) => {
  expect(explainRedisFailure(reason, address)).toBe(line);
});

it.each(Object.keys(redisExplanations))('%s never tells the password', (code) => {
  for (const address of [single, sentinel, cluster]) {
    const line = explainRedisFailure(code, address) ?? '';
    expect(line).not.toMatch(/hidden-word|ADDRESS| PASSWORD|ENABLE_TLS/);
  }
});

it.each([
  ['timed out', single],
  ['not ready', single],
  ['toString', single],
  // During a failover, a server behind sentinels or in a cluster may be a replica for a moment.
  ['READONLY set', sentinel],
  ['MOVED get', cluster],
])('%s is no mistake of an operator (%#)', (reason, address) => {
  expect(explainRedisFailure(reason, address)).toBeUndefined();
});

it('docs/troubleshooting.md has exactly these rows', async () => {
  const words: readonly [string, string][] = [
    ['ADDRESS', 'REDIS_URL'],
    ['PASSWORD', 'the password in REDIS_URL, or REDIS_PASSWORD'],
    ['ENABLE_TLS', 'begin REDIS_URL with rediss://'],
  ];
  expect(await troubleshootingRows('Redis')).toEqual(
    Object.entries(redisExplanations).map(([code, { problem, remedy }]) => [
      `\`${code}\``,
      problem,
      words.reduce((text, [word, variable]) => text.replace(word, variable), remedy),
    ]),
  );
});
