import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Settings } from '../settings.ts';
import { nameOf, redisAddress } from './address.ts';

const read = (environment: NodeJS.ProcessEnv) => redisAddress(new Settings(environment));

describe('the address of Redis', () => {
  it('is a server of a URL, with its decoded password', () => {
    expect(read({ REDIS_URL: 'rediss://me:a%2Fb@[2001:db8::1]:7000' })).toEqual({
      kind: 'single',
      server: { host: '2001:db8::1', port: 7000 },
      access: { username: 'me', password: 'a/b', tls: {} },
    });
  });

  it('is a server with the user of the variables', () => {
    expect(read({ REDIS_URL: 'redis://redis', REDIS_PASSWORD: 'x' })).toEqual({
      kind: 'single',
      server: { host: 'redis', port: 6379 },
      access: { password: 'x' },
    });
  });

  it('is a set with its sentinels, whose user is a different one', () => {
    const address = read({
      REDIS_SENTINELS: 's1:26379,s2:26379',
      REDIS_MASTER_NAME: 'chat',
      REDIS_PASSWORD: 'x',
      REDIS_SENTINEL_USERNAME: 'asker',
      REDIS_SENTINEL_PASSWORD: 'y',
      REDIS_TLS: 'true',
      REDIS_SENTINEL_TLS: 'false',
      REDIS_NAT_MAP: '10.0.0.1:6379=redis.acme.org:7001',
    });
    expect(address).toEqual({
      kind: 'sentinel',
      sentinels: [
        { host: 's1', port: 26_379 },
        { host: 's2', port: 26_379 },
      ],
      masterName: 'chat',
      access: { password: 'x', tls: {} },
      sentinelAccess: { username: 'asker', password: 'y' },
      natMap: new Map([['10.0.0.1:6379', { host: 'redis.acme.org', port: 7001 }]]),
    });
  });

  it('has the files of TLS, for a cluster too', () => {
    const file = import.meta.filename;
    const address = read({ REDIS_CLUSTER: 'n1:6379', REDIS_TLS_CA: file });
    expect(address).toMatchObject({
      kind: 'cluster',
      access: { tls: { ca: readFileSync(file, 'utf8') } },
    });
  });

  it('is none without a variable', () => {
    expect(read({})).toBeUndefined();
  });

  it.each([
    [{ REDIS_URL: 'redis://r', REDIS_CLUSTER: 'n:1' }, 'REDIS_URL and REDIS_CLUSTER are both set'],
    [{ REDIS_URL: 'http://r' }, 'REDIS_URL is not a redis:// or rediss:// URL'],
    [{ REDIS_SENTINELS: 's:1' }, 'REDIS_MASTER_NAME is not set'],
    [{ REDIS_CLUSTER: 'n' }, 'REDIS_CLUSTER has an entry that is not host:port'],
    [
      { REDIS_URL: 'rediss://r', REDIS_TLS_CA: '/nowhere' },
      'REDIS_TLS_CA names a file that cannot',
    ],
  ])('cannot be read from %o', (environment, message) => {
    expect(() => read(environment)).toThrow(message);
  });

  it('is written with brackets around IPv6', () => {
    expect(nameOf({ host: '::1', port: 1 })).toBe('[::1]:1');
  });
});
