import type { RedisAddress, SentinelAddress } from '@secureconnect/degraded-mode/ioredis';
import { type Watched, watchedRedis } from '@secureconnect/degraded-mode/ioredis/testing';
import { createLogger, createMetrics } from '@secureconnect/service';
import {
  type Certificates,
  certificatesSkipReason,
  eventually,
  freePort,
  makeCertificates,
  testRedis,
  tlsSettings,
} from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentedPassword, documentedUsers } from '../test/documented-users.ts';
import { started, startedDegraded, untilState } from '../test/opened.ts';
import { tlsOf } from '../test/tls.ts';
import { measureSentinels } from './sentinel-metrics.ts';

/** Why a process that is given this address is degraded. */
async function reasonWith(address: RedisAddress): Promise<unknown> {
  await using redis = await startedDegraded('', { address });
  return redis.lines('Redis entered degraded mode')[0];
}

/** The service finds the master, leaves it for a different one, and counts the servers. */
async function worksBehind(watched: Watched, address: SentinelAddress): Promise<void> {
  const metrics = createMetrics();
  const log = createLogger({ service: 'test', level: 'silent' });
  await using cleanUp = new AsyncDisposableStack();
  const measured = { address, metrics, service: 'test', log, intervalMs: 100 };
  cleanUp.defer(measureSentinels(measured));
  await using redis = await started('', { address });
  const { commands } = redis.connection;
  expect(redis.mode.isAvailable()).toBe(true);
  await eventually(async () => {
    const said = await metrics.registry.getSingleMetricAsString('redis_instances_up');
    expect(said).toContain('redis_instances_up{service="test"} 2');
  });
  await watched.failOver();
  await untilState(redis.mode, 'unavailable');
  await untilState(redis.mode, 'available');
  expect(commands.stream.remotePort).toBe(watched.replica.clientPort);
}

describe.concurrent('sentinels with a password', () => {
  const sentinelPassword = 'of-the-sentinels';

  it('are asked with it, and refuse everybody else', async () => {
    await using watched = await watchedRedis({ sentinelPassword });
    const { address } = watched;
    const withPassword = (password: string) => ({
      ...address,
      sentinelAccess: { credentials: { password } },
    });
    expect(await reasonWith(address)).toEqual({ reason: 'sentinels: NOAUTH sentinel' });
    expect(await reasonWith(withPassword('another'))).toEqual({
      reason: 'sentinels: WRONGPASS auth',
    });
    await worksBehind(watched, withPassword(sentinelPassword));
  });

  it('know the documented user, who may do what a service does', async () => {
    const [, , { name, rules }] = documentedUsers();
    await using watched = await watchedRedis({
      sentinelPassword,
      sentinelSettings: [
        `user ${name} ${rules.join(' ')}`,
        `user nobody on >${documentedPassword} resetchannels -@all`,
      ],
    });
    const asUser = (username: string) => ({
      ...watched.address,
      sentinelAccess: { credentials: { username, password: documentedPassword } },
    });
    await worksBehind(watched, asUser(name));
    expect(await watched.askSentinel('acl', 'log')).toEqual([]);
    expect(await reasonWith(asUser('nobody'))).toEqual({ reason: 'sentinels: NOPERM sentinel' });
  });

  it('say so if they know no master of the name', async () => {
    await using watched = await watchedRedis();
    const address = { ...watched.address, masterName: 'other' };
    expect(await reasonWith(address)).toEqual({ reason: 'sentinels: no master is called other' });
  });
});

describe.concurrent('a server with users', () => {
  it('is asked as one of them, by URL or beside it', async () => {
    await using server = await testRedis();
    const { url } = server;
    await using operator = await started(url);
    const { commands } = operator.connection;
    await commands.acl('SETUSER', 'ada', 'on', '>open-sesame', '~*', '&*', '+@all');
    await commands.config('SET', 'requirepass', 'of-the-operator');
    const as = (username: string, password: string): RedisAddress => ({
      kind: 'single',
      url,
      credentials: { username, password },
    });
    await using redis = await started('', { address: as('ada', 'open-sesame') });
    expect(redis.mode.isAvailable()).toBe(true);
    await using byUrl = await started(url.replace('//', '//ada:open-sesame@'));
    expect(byUrl.mode.isAvailable()).toBe(true);
    expect(await reasonWith(as('ada', 'another'))).toEqual({ reason: 'WRONGPASS auth' });
    expect(await reasonWith({ kind: 'single', url })).toEqual({ reason: 'NOAUTH info' });
  });
});

describe.skipIf(certificatesSkipReason)(`TLS${certificatesSkipReason}`, () => {
  let files: Certificates;
  beforeAll(async () => {
    files = await makeCertificates();
  });
  afterAll(() => files[Symbol.asyncDispose]());

  const over = (url: string, ...[authority, own]: Parameters<typeof tlsOf>): RedisAddress => ({
    kind: 'single',
    url,
    tls: tlsOf(authority, own),
  });

  it('connects to one server, both sides with a certificate', async () => {
    const port = await freePort();
    await using _server = await testRedis({ settings: tlsSettings(files, port) });
    const { ca, client, otherCa, otherClient } = files;
    const url = `rediss://127.0.0.1:${port}`;
    await using redis = await started('', { address: over(url, ca, client) });
    expect(redis.mode.isAvailable()).toBe(true);
    const reasons = await Promise.all([
      reasonWith(over(url, otherCa, client)),
      reasonWith(over(url, undefined, client)),
      reasonWith(over(url, ca)),
      reasonWith(over(url, ca, otherClient)),
      reasonWith({ kind: 'single', url: url.replace('rediss', 'redis') }),
    ]);
    expect(reasons).toEqual([
      { reason: 'SELF_SIGNED_CERT_IN_CHAIN' },
      { reason: 'SELF_SIGNED_CERT_IN_CHAIN' },
      { reason: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' },
      { reason: 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA' },
      { reason: 'ECONNRESET' },
    ]);
  });

  it('is refused if the certificate is of a different host', async () => {
    const port = await freePort();
    await using _server = await testRedis({ settings: tlsSettings(files, port) });
    const address = over(`rediss://127.0.0.1:${port}`, files.ca, files.client);
    const elsewhere = { ...address, url: `rediss://127.1:${port}` };
    expect(await reasonWith(elsewhere)).toEqual({ reason: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  });

  it('connects to sentinels and to the servers that they name', async () => {
    await using watched = await watchedRedis({ certificates: files });
    const tls = tlsOf(files.ca, files.client);
    const { address } = watched;
    expect(await reasonWith({ ...address, tls, sentinelAccess: { tls: tlsOf(files.ca) } })).toEqual(
      {
        reason: 'sentinels: ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
      },
    );
    expect(await reasonWith({ ...address, tls: tlsOf(files.ca), sentinelAccess: { tls } })).toEqual(
      {
        reason: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
      },
    );
    await worksBehind(watched, { ...address, tls, sentinelAccess: { tls } });
  });

  it('connects to the servers alone, if sentinels have none', async () => {
    await using watched = await watchedRedis({ certificates: files, plainSentinel: true });
    const tls = tlsOf(files.ca, files.client);
    await worksBehind(watched, { ...watched.address, tls });
  });
});
