import { ConfigError, readEnvironment } from '@secureconnect/service';
import { describe, expect, it } from 'vitest';
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
      healthCheckIntervalSeconds: 10,
      bootWaitSeconds: 30,
    });
  });

  it.each([
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
    });
    const mode = redisMode('auth-service', config, { ENABLE_STATELESS_AUTH: true });
    expect(mode.service).toBe('auth-service');
    expect(mode.fallbackEnabled).toBe(false);
    expect(mode.settings).toEqual({ ENABLE_STATELESS_AUTH: true });
  });
});
