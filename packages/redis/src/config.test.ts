import { ConfigError, readEnvironment } from '@secureconnect/service';
import { describe, expect, it } from 'vitest';
import { clientOptions } from './client.ts';
import { redisConfig, redisVariables } from './config.ts';
import { redisMode } from './mode.ts';

function read(environment: NodeJS.ProcessEnv) {
  return redisConfig(readEnvironment(redisVariables, environment));
}

describe('the configuration of Redis', () => {
  it('needs one address and has the documented defaults', () => {
    expect(read({ REDIS_URL: 'redis://localhost:6379' })).toEqual({
      address: { kind: 'single', url: 'redis://localhost:6379' },
      keyPrefix: 'secureconnect:',
      fallbackEnabled: true,
      statelessAuth: false,
      healthCheckIntervalSeconds: 10,
      bootWaitSeconds: 30,
    });
  });

  it('takes a list of sentinels in place of a URL', () => {
    const environment = { REDIS_SENTINELS: 'one:26379, two:26380', REDIS_MASTER_NAME: 'mymaster' };
    expect(read(environment).address).toEqual({
      kind: 'sentinel',
      sentinels: [
        { host: 'one', port: 26_379 },
        { host: 'two', port: 26_380 },
      ],
      masterName: 'mymaster',
    });
  });

  it('takes a map for sentinels that name the servers by other addresses', () => {
    const environment = {
      REDIS_SENTINELS: 'one:26379',
      REDIS_MASTER_NAME: 'mymaster',
      REDIS_NAT_MAP: '10.0.0.1:6379=outside:7001, 10.0.0.2:6379=outside:7002',
    };
    expect(read(environment).address).toMatchObject({
      natMap: {
        '10.0.0.1:6379': { host: 'outside', port: 7001 },
        '10.0.0.2:6379': { host: 'outside', port: 7002 },
      },
    });
  });

  it('takes the password of the servers that sentinels name', () => {
    const environment = {
      REDIS_SENTINELS: 'one:26379',
      REDIS_MASTER_NAME: 'mymaster',
      REDIS_PASSWORD: 'open sesame',
    };
    const { address } = read(environment);
    expect(address).toMatchObject({ password: 'open sesame' });
    expect(clientOptions(address)).toMatchObject({ password: 'open sesame' });
  });

  it.each([
    ['nothing', {}, 'REDIS_URL is not set'],
    [
      'a URL of something else',
      { REDIS_URL: 'http://localhost' },
      'is not a redis:// or rediss://',
    ],
    ['a URL without a host', { REDIS_URL: 'redis://' }, 'is not a redis:// or rediss:// URL'],
    [
      'both addresses',
      { REDIS_URL: 'redis://a', REDIS_SENTINELS: 'a:1', REDIS_MASTER_NAME: 'm' },
      'not both',
    ],
    ['sentinels of no master', { REDIS_SENTINELS: 'a:1' }, 'REDIS_MASTER_NAME must be set'],
    [
      'a sentinel without a port',
      { REDIS_SENTINELS: 'a:1,b', REDIS_MASTER_NAME: 'm' },
      'REDIS_SENTINELS holds "b"; expected host:port',
    ],
    [
      'a port that cannot be',
      { REDIS_SENTINELS: 'a:70000', REDIS_MASTER_NAME: 'm' },
      'REDIS_SENTINELS holds "a:70000"',
    ],
    [
      'a map without sentinels',
      { REDIS_URL: 'redis://a', REDIS_NAT_MAP: 'a:1=b:2' },
      'REDIS_SENTINELS must be set with it',
    ],
    [
      'a password beside a URL, which holds its own',
      { REDIS_URL: 'redis://a', REDIS_PASSWORD: 'open sesame' },
      'REDIS_SENTINELS must be set with it, or the password be in REDIS_URL',
    ],
    ...['a:1', 'a:1=b', 'a:1=b:2=c:3', 'a:1=b:0'].map(
      (map): [string, NodeJS.ProcessEnv, string] => [
        `the map ${map}`,
        { REDIS_SENTINELS: 'a:1', REDIS_MASTER_NAME: 'm', REDIS_NAT_MAP: map },
        `REDIS_NAT_MAP holds "${map}"; expected host:port=host:port`,
      ],
    ),
    [
      'an interval of zero',
      { REDIS_URL: 'redis://a', REDIS_HEALTH_CHECK_INTERVAL: '0' },
      'REDIS_HEALTH_CHECK_INTERVAL is "0"; expected a whole number from 1 to 3600',
    ],
    [
      'a prefix that does not end what comes before the keys',
      { REDIS_URL: 'redis://a', REDIS_KEY_PREFIX: 'mine' },
      'REDIS_KEY_PREFIX is "mine"; expected at most 64 letters',
    ],
    [
      'a prefix that a pattern of an ACL would expand',
      { REDIS_URL: 'redis://a', REDIS_KEY_PREFIX: 'm*:' },
      'REDIS_KEY_PREFIX is "m*:"; expected at most 64 letters',
    ],
  ])('refuses %s', (_what, environment, message) => {
    const attempt = () => read(environment);
    expect(attempt).toThrow(ConfigError);
    expect(attempt).toThrow(message);
  });

  it('decides what the rows do', () => {
    const config = read({
      REDIS_URL: 'redis://a',
      ENABLE_REDIS_FALLBACK: 'false',
      ENABLE_STATELESS_AUTH: 'true',
    });
    const mode = redisMode('auth-service', config);
    expect(mode.service).toBe('auth-service');
    expect(mode.fallbackEnabled).toBe(false);
    expect(mode.settings).toEqual({ ENABLE_STATELESS_AUTH: true });
  });
});
