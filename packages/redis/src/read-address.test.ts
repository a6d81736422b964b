import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { clientOptions, nodeOptions } from '@secureconnect/degraded-mode/ioredis/parts';
import { ConfigError, readEnvironment } from '@secureconnect/service';
import {
  type Certificates,
  certificatesSkipReason,
  makeCertificates,
} from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressVariables, readAddress } from './read-address.ts';

function read(environment: NodeJS.ProcessEnv) {
  return readAddress(readEnvironment(addressVariables, environment));
}

/** What its clients are opened with. */
function optionsOf(environment: NodeJS.ProcessEnv) {
  const address = read(environment);
  return address.kind === 'cluster' ? nodeOptions(address) : clientOptions(address);
}

const url = { REDIS_URL: 'redis://a' };
const sentinels = { REDIS_SENTINELS: 'a:1', REDIS_MASTER_NAME: 'm' };
const cluster = { REDIS_CLUSTER: 'a:1' };

describe('the address of Redis', () => {
  it('is a URL, of which all parts are used', () => {
    const full = 'rediss://ada:p%40ss@[::1]:7000/3?family=6&lazyConnect=false';
    expect(optionsOf({ REDIS_URL: full })).toMatchObject({
      host: '::1',
      port: 7000,
      db: 3,
      family: 6,
      username: 'ada',
      password: 'p@ss',
      tls: {},
      lazyConnect: true,
    });
    expect(optionsOf(url)).not.toHaveProperty('tls');
  });

  it('is a list of sentinels instead', () => {
    const list = 'one:26379, [2001:db8::2]:26380';
    expect(read({ ...sentinels, REDIS_SENTINELS: list })).toEqual({
      kind: 'sentinel',
      sentinels: [
        { host: 'one', port: 26_379 },
        { host: '2001:db8::2', port: 26_380 },
      ],
      masterName: 'm',
    });
  });

  it('is a list of some nodes of a cluster', () => {
    const given = { REDIS_USERNAME: 'ada', REDIS_PASSWORD: 'open sesame', REDIS_TLS: 'true' };
    expect(read({ REDIS_CLUSTER: 'one:7000,two:7001', ...given })).toEqual({
      kind: 'cluster',
      nodes: [
        { host: 'one', port: 7000 },
        { host: 'two', port: 7001 },
      ],
      credentials: { username: 'ada', password: 'open sesame' },
      tls: {},
    });
  });

  it('takes a map for sentinels and nodes that name the servers by other addresses', () => {
    const map = '10.0.0.1:6379=outside:7001, 10.0.0.2:6379=outside:7002';
    const natMap = {
      '10.0.0.1:6379': { host: 'outside', port: 7001 },
      '10.0.0.2:6379': { host: 'outside', port: 7002 },
    };
    for (const where of [sentinels, cluster]) {
      expect(read({ ...where, REDIS_NAT_MAP: map })).toMatchObject({ natMap });
    }
  });

  it('takes a user of the servers, however they are found', () => {
    const user = { REDIS_USERNAME: 'ada', REDIS_PASSWORD: 'open sesame' };
    for (const where of [url, sentinels, cluster]) {
      const given = { username: 'ada', password: 'open sesame' };
      expect(optionsOf({ ...where, ...user })).toMatchObject(given);
      const alone = { ...where, REDIS_PASSWORD: 'open sesame' };
      expect(optionsOf(alone)).not.toHaveProperty('username');
    }
  });

  it('takes a user of the sentinels, which is not that of the servers', () => {
    const user = { REDIS_SENTINEL_USERNAME: 'eve', REDIS_SENTINEL_PASSWORD: 'mellon' };
    expect(read({ ...sentinels, ...user, REDIS_PASSWORD: 'open sesame' })).toMatchObject({
      credentials: { password: 'open sesame' },
      sentinelAccess: { credentials: { username: 'eve', password: 'mellon' } },
    });
  });

  it('takes TLS without files, for servers and sentinels or for one of them', () => {
    expect(read({ ...sentinels, REDIS_TLS: 'true' })).toMatchObject({
      tls: {},
      sentinelAccess: { tls: {} },
    });
    const ofServers = read({ ...sentinels, REDIS_TLS: 'true', REDIS_SENTINEL_TLS: 'false' });
    expect(ofServers).toMatchObject({ tls: {} });
    expect(ofServers).not.toHaveProperty('sentinelAccess');
    const ofSentinels = read({ ...sentinels, REDIS_SENTINEL_TLS: 'true' });
    expect(ofSentinels).toMatchObject({ sentinelAccess: { tls: {} } });
    expect(ofSentinels).not.toHaveProperty('tls');
  });

  it.each<[string, NodeJS.ProcessEnv, string]>([
    ['nothing', {}, 'REDIS_URL is not set'],
    ['a URL of something else', { REDIS_URL: 'http://a' }, 'is not a redis:// or rediss:// URL'],
    ['a URL without a host', { REDIS_URL: 'redis://' }, 'is not a redis:// or rediss:// URL'],
    ['both addresses', { ...url, ...sentinels }, 'Set REDIS_URL or REDIS_SENTINELS, not both'],
    ['sentinels of a cluster', { ...sentinels, ...cluster }, 'REDIS_CLUSTER, not both'],
    [
      'a node without a port',
      { REDIS_CLUSTER: 'a' },
      'REDIS_CLUSTER holds "a"; expected host:port',
    ],
    ['a name of a cluster', { ...cluster, REDIS_MASTER_NAME: 'm' }, 'REDIS_SENTINELS must be set'],
    ['sentinels of no master', { REDIS_SENTINELS: 'a:1' }, 'REDIS_MASTER_NAME must be set'],
    [
      'a sentinel without a port',
      { ...sentinels, REDIS_SENTINELS: 'a:1,b' },
      'REDIS_SENTINELS holds "b"; expected host:port',
    ],
    [
      'a port that cannot be',
      { ...sentinels, REDIS_SENTINELS: 'a:70000' },
      'REDIS_SENTINELS holds "a:70000"',
    ],
    [
      'a map for a URL',
      { ...url, REDIS_NAT_MAP: 'a:1=b:2' },
      'REDIS_NAT_MAP is set; REDIS_SENTINELS or REDIS_CLUSTER must be set with it',
    ],
    ...['REDIS_MASTER_NAME', 'REDIS_SENTINEL_PASSWORD', 'REDIS_SENTINEL_USERNAME'].map(
      (name): [string, NodeJS.ProcessEnv, string] => [
        `${name} without sentinels`,
        { ...url, [name]: 'a:1=b:2' },
        `${name} is set; REDIS_SENTINELS must be set with it`,
      ],
    ),
    ...['a:1', 'a:1=b', 'a:1=b:2=c:3', 'a:1=b:0'].map(
      (map): [string, NodeJS.ProcessEnv, string] => [
        `the map ${map}`,
        { ...sentinels, REDIS_NAT_MAP: map },
        `REDIS_NAT_MAP holds "${map}"; expected host:port=host:port`,
      ],
    ),
    [
      'a user without a password',
      { ...url, REDIS_USERNAME: 'ada' },
      'REDIS_USERNAME is set; REDIS_PASSWORD must be set with it',
    ],
    [
      'a user of the sentinels without a password',
      { ...sentinels, REDIS_SENTINEL_USERNAME: 'ada' },
      'REDIS_SENTINEL_USERNAME is set; REDIS_SENTINEL_PASSWORD must be set with it',
    ],
    [
      'a password twice',
      { REDIS_URL: 'redis://:one@a', REDIS_PASSWORD: 'two' },
      'REDIS_PASSWORD is set and REDIS_URL holds a password',
    ],
    ['a password of half a letter', { REDIS_URL: 'redis://:50%@a' }, 'write % as %25'],
    [
      'TLS for a URL without it',
      { ...url, REDIS_TLS: 'true' },
      'REDIS_TLS is true and REDIS_URL begins with redis://',
    ],
    [
      'no TLS for a URL with it',
      { REDIS_URL: 'rediss://a', REDIS_TLS: 'false' },
      'REDIS_TLS is false and REDIS_URL begins with rediss://',
    ],
    [
      'TLS of sentinels without sentinels',
      { ...url, REDIS_SENTINEL_TLS: 'true' },
      'REDIS_SENTINEL_TLS is set; REDIS_SENTINELS must be set with it',
    ],
    [
      'a flag that is none',
      { ...url, REDIS_TLS: 'yes' },
      'REDIS_TLS is "yes"; expected true or false',
    ],
    [
      'a certificate without its key',
      { ...url, REDIS_TLS_CERT: '/a' },
      'REDIS_TLS_CERT is set; REDIS_TLS_KEY must be set with it',
    ],
    [
      'a key without its certificate',
      { ...url, REDIS_TLS_KEY: '/a' },
      'REDIS_TLS_KEY is set; REDIS_TLS_CERT must be set with it',
    ],
    [
      'a file that is not there',
      { REDIS_URL: 'rediss://a', REDIS_TLS_CA: '/nowhere/ca.crt' },
      'REDIS_TLS_CA names /nowhere/ca.crt, which cannot be read: ENOENT',
    ],
    [
      'a folder in place of a file',
      { REDIS_URL: 'rediss://a', REDIS_TLS_CA: '/' },
      'REDIS_TLS_CA names /, which cannot be read: EISDIR',
    ],
  ])('refuses %s', (_what, environment, message) => {
    const attempt = () => read(environment);
    expect(attempt).toThrow(ConfigError);
    expect(attempt).toThrow(message);
  });
});

describe.skipIf(certificatesSkipReason)(`the files of TLS${certificatesSkipReason}`, () => {
  let files: Certificates;
  beforeAll(async () => {
    files = await makeCertificates();
  });
  afterAll(() => files[Symbol.asyncDispose]());

  it('are read for servers and sentinels alike', () => {
    const { ca, client } = files;
    const pem = { ca: expect.stringContaining('BEGIN CERTIFICATE') };
    const own = { ...pem, cert: pem.ca, key: expect.stringContaining('PRIVATE KEY') };
    expect(read({ REDIS_URL: 'rediss://a', REDIS_TLS_CA: ca })).toMatchObject({ tls: pem });
    const environment = {
      ...sentinels,
      REDIS_TLS_CA: ca,
      REDIS_TLS_CERT: client.cert,
      REDIS_TLS_KEY: client.key,
    };
    expect(read(environment)).toMatchObject({ tls: own, sentinelAccess: { tls: own } });
  });

  it('are refused without TLS', () => {
    const given = { REDIS_TLS_CA: files.ca };
    const off = { ...given, REDIS_TLS: 'false' };
    expect(() => read({ ...cluster, ...off })).toThrow(
      'REDIS_TLS_CA is set and REDIS_TLS is false',
    );
    expect(() => read({ ...url, ...given })).toThrow('REDIS_TLS_CA is set and REDIS_URL begins');
    expect(() => read({ ...sentinels, ...given, REDIS_TLS: 'false' })).toThrow(
      'REDIS_TLS_CA is set and REDIS_TLS is false',
    );
  });

  it('are refused if they are not PEM, or do not match', async () => {
    const { ca, client, server } = files;
    const place = { REDIS_URL: 'rediss://a' };
    const empty = join(dirname(ca), 'empty.crt');
    await writeFile(empty, '');
    expect(() => read({ ...place, REDIS_TLS_CA: empty })).toThrow('holds no PEM "CERTIFICATE"');
    const key = { REDIS_TLS_CERT: client.cert, REDIS_TLS_KEY: client.cert };
    expect(() => read({ ...place, ...key })).toThrow('holds no PEM "PRIVATE KEY"');
    const other = { REDIS_TLS_CERT: client.cert, REDIS_TLS_KEY: server.key };
    expect(() => read({ ...place, ...other })).toThrow(
      /^REDIS_TLS_CA, REDIS_TLS_CERT and REDIS_TLS_KEY cannot be used together: ERR_/,
    );
  });
});
