import { ConfigError, flag, integer, type Parsed, text } from '@secureconnect/service';
import { defaultKeyPrefix, keyPrefixPattern } from './keyspace.ts';

/** One server by URL, or a master found through its sentinels. */
export type RedisAddress =
  | { readonly kind: 'single'; readonly url: string }
  | {
      readonly kind: 'sentinel';
      readonly sentinels: readonly { host: string; port: number }[];
      readonly masterName: string;
      /** Of the servers; sentinels are asked without one. */
      readonly password?: string;
      /** Where to reach a server (`host:port`) that the sentinels name by another address. */
      readonly natMap?: Readonly<Record<string, { host: string; port: number }>>;
    };

export interface RedisConfig {
  readonly address: RedisAddress;
  /** What every key and channel begins with. */
  readonly keyPrefix: string;
  readonly fallbackEnabled: boolean;
  readonly statelessAuth: boolean;
  readonly healthCheckIntervalSeconds: number;
  /** With fallbacks disabled, how long boot waits for Redis. */
  readonly bootWaitSeconds: number;
}

const keyPrefix = 'at most 64 letters, digits, "_", ".", "-" and ":", with ":" at the end';

/** The variables of every service that uses Redis. */
export const redisVariables = {
  REDIS_URL: text('a redis:// or rediss:// URL').optional(),
  REDIS_SENTINELS: text('host:port,host:port,…').optional(),
  REDIS_MASTER_NAME: text('the name that the sentinels know the master by').optional(),
  REDIS_PASSWORD: text('the password of the servers behind the sentinels').optional(),
  REDIS_NAT_MAP: text('host:port=host:port,…').optional(),
  REDIS_KEY_PREFIX: text(keyPrefix)
    .regex(keyPrefixPattern, { error: keyPrefix })
    .default(defaultKeyPrefix),
  ENABLE_REDIS_FALLBACK: flag(true),
  ENABLE_STATELESS_AUTH: flag(false),
  REDIS_HEALTH_CHECK_INTERVAL: integer({ from: 1, to: 3600, otherwise: 10 }),
  REDIS_BOOT_WAIT_SECONDS: integer({ from: 1, to: 600, otherwise: 30 }),
};

/** Puts the parsed variables together. Throws when they contradict one another. */
export function redisConfig(environment: Parsed<typeof redisVariables>): RedisConfig {
  return {
    address: redisAddress(environment),
    keyPrefix: environment.REDIS_KEY_PREFIX,
    fallbackEnabled: environment.ENABLE_REDIS_FALLBACK,
    statelessAuth: environment.ENABLE_STATELESS_AUTH,
    healthCheckIntervalSeconds: environment.REDIS_HEALTH_CHECK_INTERVAL,
    bootWaitSeconds: environment.REDIS_BOOT_WAIT_SECONDS,
  };
}

function redisAddress(environment: Parsed<typeof redisVariables>): RedisAddress {
  const { REDIS_URL: url, REDIS_SENTINELS: list, REDIS_MASTER_NAME: masterName } = environment;
  const { REDIS_NAT_MAP: map, REDIS_PASSWORD: password } = environment;
  if (url !== undefined && list !== undefined) {
    throw new ConfigError('Set REDIS_URL or REDIS_SENTINELS, not both.');
  }
  if (map !== undefined && list === undefined) {
    throw new ConfigError('REDIS_NAT_MAP is set; REDIS_SENTINELS must be set with it.');
  }
  if (password !== undefined && list === undefined) {
    throw new ConfigError(
      'REDIS_PASSWORD is set; REDIS_SENTINELS must be set with it, or the password be in REDIS_URL.',
    );
  }
  if (url !== undefined) {
    if (/^rediss?:\/\/[^\s/]+/.test(url)) return { kind: 'single', url };
    throw new ConfigError('REDIS_URL is not a redis:// or rediss:// URL with a host.');
  }
  if (list === undefined) {
    throw new ConfigError(
      'REDIS_URL is not set. Expected a redis:// URL, or REDIS_SENTINELS with REDIS_MASTER_NAME.',
    );
  }
  if (masterName === undefined) {
    throw new ConfigError('REDIS_SENTINELS is set; REDIS_MASTER_NAME must be set with it.');
  }
  const sentinels = list.split(',').map((text) => {
    const address = hostAndPort(text);
    if (address !== undefined) return address;
    throw new ConfigError(`REDIS_SENTINELS holds "${text}"; expected host:port,host:port,…`);
  });
  return {
    kind: 'sentinel',
    sentinels,
    masterName,
    ...(password === undefined ? {} : { password }),
    ...(map === undefined ? {} : { natMap: natMap(map) }),
  };
}

function natMap(list: string): Record<string, { host: string; port: number }> {
  const pairs = list.split(',').map((text) => {
    const [from, to] = text.split('=').map(hostAndPort);
    if (from !== undefined && to !== undefined && text.split('=').length === 2) {
      return [`${from.host}:${from.port}`, to] as const;
    }
    throw new ConfigError(`REDIS_NAT_MAP holds "${text}"; expected host:port=host:port,…`);
  });
  return Object.fromEntries(pairs);
}

function hostAndPort(text: string): { host: string; port: number } | undefined {
  const match = /^\s*([^\s:]+):(\d{1,5})\s*$/.exec(text);
  const port = Number(match?.[2]);
  if (match?.[1] === undefined || port < 1 || port > 65_535) return undefined;
  return { host: match[1], port };
}
