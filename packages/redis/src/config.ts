import type { RedisAddress } from '@secureconnect/degraded-mode/ioredis';
import { flag, integer, type Parsed, text } from '@secureconnect/service';
import { defaultKeyPrefix, keyPrefixPattern } from './keyspace.ts';
import { addressVariables, readAddress } from './read-address.ts';

export interface RedisConfig {
  readonly address: RedisAddress;
  /** The prefix of every key and channel. */
  readonly keyPrefix: string;
  readonly fallbackEnabled: boolean;
  readonly healthCheckIntervalSeconds: number;
  /** How long boot waits for Redis if fallbacks are disabled. */
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
  REDIS_HEALTH_CHECK_INTERVAL: integer({ from: 1, to: 3600, default: 10 }),
  REDIS_BOOT_WAIT_SECONDS: integer({ from: 1, to: 600, default: 30 }),
};

/** Combines the parsed variables. Throws if they contradict each other. */
export function redisConfig(environment: Parsed<typeof redisVariables>): RedisConfig {
  return {
    address: readAddress(environment),
    keyPrefix: environment.REDIS_KEY_PREFIX,
    fallbackEnabled: environment.ENABLE_REDIS_FALLBACK,
    healthCheckIntervalSeconds: environment.REDIS_HEALTH_CHECK_INTERVAL,
    bootWaitSeconds: environment.REDIS_BOOT_WAIT_SECONDS,
  };
}
