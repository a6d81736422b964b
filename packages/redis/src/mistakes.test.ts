import type { RedisAddress } from '@secureconnect/degraded-mode/ioredis';
import {
  askRedis,
  type Certificates,
  certificatesSkipReason,
  eventually,
  freePort,
  makeCertificates,
  type TestRedis,
  testRedis,
  tlsSettings,
} from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Opened, startedDegraded } from '../test/opened.ts';
import { tlsOf } from '../test/tls.ts';

let server: TestRedis;
let replica: TestRedis;
beforeAll(async () => {
  server = await testRedis();
  replica = await testRedis({ settings: [`replicaof 127.0.0.1 ${server.port}`] });
  await askRedis(server.port, 'ACL SETUSER none on >of-nobody ~* &* +@all -evalsha');
  await askRedis(server.port, 'ACL SETUSER ada on >open-sesame ~* &* +@all');
});
afterAll(() => Promise.all([server[Symbol.asyncDispose](), replica[Symbol.asyncDispose]()]));

const single = (url: string): RedisAddress => ({ kind: 'single', url });

/** Resolves when a process that is given this address has said what to do. */
async function toldWith(address: RedisAddress): Promise<Opened> {
  const redis = await startedDegraded('', { address });
  await eventually(() => expect(redis.remedies()).not.toEqual([]));
  return redis;
}

type Mistake = readonly [string, () => RedisAddress | Promise<RedisAddress>, string];

/** Parts of the lines; PORT is that of the server. */
const mistakes: readonly Mistake[] = [
  [
    'the host',
    () => single('redis://:hidden-word@nowhere.invalid'),
    'Redis at nowhere.invalid:6379: the host name',
  ],
  [
    'the port',
    async () => single(`redis://:hidden-word@127.0.0.1:${await freePort()}`),
    ': the connection was refused (ECONNREFUSED). Check that Redis runs there, and the host and port in REDIS_URL.',
  ],
  [
    'the password',
    () => single(server.url.replace('//', '//ada:hidden-word@')),
    'Redis at 127.0.0.1:PORT: the user or its password was refused (WRONGPASS auth). Correct the password in REDIS_URL, or REDIS_PASSWORD.',
  ],
  [
    'a user without a right',
    () => single(server.url.replace('//', '//none:of-nobody@')),
    'Redis at 127.0.0.1:PORT: the user lacks the right to a command (NOPERM evalsha). Give the user the rights in docs/redis.md.',
  ],
  [
    'a replica',
    () => single(replica.url),
    ': the server is a replica (READONLY role). Name the master in REDIS_URL, or set REDIS_SENTINELS instead.',
  ],
  [
    'a cluster that is a server',
    () => ({ kind: 'cluster', nodes: [{ host: '127.0.0.1', port: server.port }] }),
    'Redis at 127.0.0.1:PORT: the server is not part of a cluster (ERR cluster). Set REDIS_URL in place of REDIS_CLUSTER.',
  ],
  [
    'a sentinel that is a server',
    () => ({
      kind: 'sentinel',
      masterName: 'mymaster',
      sentinels: [{ host: '127.0.0.1', port: server.port }],
    }),
    'Redis sentinels at 127.0.0.1:PORT: the server is no sentinel (ERR sentinel). Name sentinels in REDIS_SENTINELS, or set REDIS_URL instead.',
  ],
  [
    'TLS that the server does not offer',
    () => ({ kind: 'single', url: server.url.replace('redis:', 'rediss:'), tls: {} }),
    'Redis at 127.0.0.1:PORT: the connection timed out (ETIMEDOUT). Check the host and port in REDIS_URL, and that the server offers TLS if it is set.',
  ],
];

describe.concurrent('a mistake in the address of Redis is one line with the way out:', () => {
  it.each(mistakes)('%s', async (_what, address, words) => {
    await using redis = await toldWith(await address());
    const remedies = redis.remedies();
    expect(remedies).toEqual([expect.stringContaining(words.replace('PORT', `${server.port}`))]);
    expect(remedies[0]).not.toMatch(/hidden-word|of-nobody/);
  });

  it('the number of the database, in place of which no other is used', async () => {
    await using redis = await toldWith(single(`${server.url}/99`));
    // Later than all probes that would have ended the outage.
    const { availability } = redis.mode;
    let attempts = 0;
    redis.connection.commands.on('connect', () => {
      attempts += 1;
    });
    await eventually(() => expect(attempts).toBeGreaterThan(4));
    expect(availability.state).toBe('unavailable');
    expect(redis.remedies()).toEqual([
      `Redis at 127.0.0.1:${server.port}: the number of the database was refused (ERR select). Correct it at the end of REDIS_URL; a cluster has number 0 alone.`,
    ]);
  });
});

describe.skipIf(certificatesSkipReason)(`with TLS${certificatesSkipReason}`, () => {
  let files: Certificates;
  beforeAll(async () => {
    files = await makeCertificates();
  });
  afterAll(() => files[Symbol.asyncDispose]());

  it('the certificates, and a URL without TLS, are one line each', async () => {
    const port = await freePort();
    await using _secured = await testRedis({ settings: tlsSettings(files, port) });
    const url = `rediss://127.0.0.1:${port}`;
    const { ca, client, otherCa } = files;
    const lineWith = async (address: RedisAddress): Promise<string | undefined> => {
      await using redis = await toldWith(address);
      return redis.remedies()[0];
    };
    const lines = await Promise.all([
      lineWith({ kind: 'single', url, tls: tlsOf(otherCa, client) }),
      lineWith({ kind: 'single', url, tls: tlsOf(ca) }),
      lineWith(single(url.replace('rediss', 'redis'))),
    ]);
    const at = `Redis at 127.0.0.1:${port}:`;
    expect(lines).toEqual([
      `${at} the certificate is not trusted (SELF_SIGNED_CERT_IN_CHAIN). Name the authority of the server in REDIS_TLS_CA.`,
      `${at} a certificate of the client is demanded (ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED). Set REDIS_TLS_CERT and REDIS_TLS_KEY.`,
      `${at} the connection was closed (ECONNRESET). Check that Redis runs there; if it demands TLS, begin REDIS_URL with rediss://.`,
    ]);
  });
});
