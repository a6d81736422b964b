import { flag, integer, type Parsed, text } from '@secureconnect/service';
import type { RedisAddress } from './address.ts';
import { defaultKeyPrefix, keyPrefixPattern } from './keyspace.ts';
import { addressVariables, readAddress } from './read-address.ts';

export interface RedisConfig {
  readonly address: RedisAddress;
  /** What every key and channel begins with. */
  readonly keyPrefix: string;
  readonly fallbackEnabled: boolean;
  readonly healthCheckIntervalSeconds: number;
  /** With fallbacks disabled, how long boot waits for Redis. */
  readonly bootWaitSeconds: number;
}

const keyPrefix = 'at most 64 letters, digits, "_", ".", "-" and ":", with ":" at the end';

/** The variables of every service that uses Redis. */
export const redisVariables = {
  ...addressVariables,
  REDIS_KEY_PREFIX: text(keyPrefix)
    .regex(keyPrefixPattern, { error: keyPrefix })
    .default(defaultKeyPrefix),
  ENABLE_REDIS_FALLBACK: flag(true),
  REDIS_HEALTH_CHECK_INTERVAL: integer({ from: 1, to: 3600, otherwise: 10 }),
  REDIS_BOOT_WAIT_SECONDS: integer({ from: 1, to: 600, otherwise: 30 }),
};

/** Puts the parsed variables together. Throws when they contradict one another. */
export function redisConfig(environment: Parsed<typeof redisVariables>): RedisConfig {
  return {
    address: readAddress(environment),
    keyPrefix: environment.REDIS_KEY_PREFIX,
    fallbackEnabled: environment.ENABLE_REDIS_FALLBACK,
    healthCheckIntervalSeconds: environment.REDIS_HEALTH_CHECK_INTERVAL,
    bootWaitSeconds: environment.REDIS_BOOT_WAIT_SECONDS,
  };
}
