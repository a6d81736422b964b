import type { ServerAccess } from '@secureconnect/degraded-mode/ioredis';
import {
  type Certificates,
  certificatesSkipReason,
  eventually,
  makeCertificates,
  redisClusterSkipReason,
  type TestRedisCluster,
  testRedisCluster,
} from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startedDegradedOnCluster, startedOnCluster } from '../test/opened.ts';
import { tlsOf } from '../test/tls.ts';

const left = redisClusterSkipReason || certificatesSkipReason;

describe.skipIf(left)(`a cluster with users and TLS${left}`, { timeout: 60_000 }, () => {
  let files: Certificates;
  let cluster: TestRedisCluster;
  const credentials = { username: 'ada', password: 'open-sesame' };
  beforeAll(async () => {
    files = await makeCertificates();
    cluster = await testRedisCluster({ certificates: files });
    for (const node of cluster.nodes) {
      await cluster.ask(node, 'acl', 'setuser', 'ada', 'on', '>open-sesame', '~*', '&*', '+@all');
      await cluster.ask(node, 'config', 'set', 'requirepass', 'of-the-operator');
    }
  });
  afterAll(async () => {
    await cluster[Symbol.asyncDispose]();
    await files[Symbol.asyncDispose]();
  });

  /** Why a process that is given this access is degraded. */
  async function reasonWith(access: ServerAccess): Promise<string> {
    await using redis = await startedDegradedOnCluster(cluster, access);
    // The first probe may come before any connection has failed.
    await eventually(() => expect(redis.mode.availability.reason).not.toBe('not ready'));
    return String(redis.mode.availability.reason).replace(/ at 127.0.0.1:\d+$/, '');
  }

  it('admits clients that show both', async () => {
    const tls = tlsOf(files.ca, files.client);
    await using redis = await startedOnCluster(cluster, { credentials, tls });
    expect(redis.mode.isAvailable()).toBe(true);
  });

  it('tells others what is wrong', async () => {
    const tls = tlsOf(files.ca, files.client);
    const wrong = { username: 'ada', password: 'another' };
    const reasons = await Promise.all([
      reasonWith({ tls }),
      reasonWith({ tls, credentials: wrong }),
      reasonWith({ credentials, tls: tlsOf(files.otherCa, files.client) }),
      reasonWith({ credentials, tls: tlsOf(files.ca) }),
    ]);
    expect(reasons).toEqual([
      expect.stringMatching(/^NOAUTH (cluster|info)$/),
      'WRONGPASS auth',
      'SELF_SIGNED_CERT_IN_CHAIN',
      'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
    ]);
  });
});
