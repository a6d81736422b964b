import { ConfigError, optionalFlag, type Parsed, text } from '@secureconnect/service';
import { type HostPort, hostPorts, type NatMap, natMap } from './host-port.ts';
import { readTlsFiles, type TlsMaterial } from './tls-files.ts';

/** Who asks; without a name it is the user `default`. */
export interface Credentials {
  readonly username?: string;
  readonly password: string;
}

/** How the servers are spoken to. */
export interface ServerAccess {
  readonly credentials?: Credentials;
  readonly tls?: TlsMaterial;
}

/** One server by URL, which may hold credentials of its own. */
export interface SingleAddress extends ServerAccess {
  readonly kind: 'single';
  readonly url: string;
}

/** A master found through its sentinels. */
export interface SentinelAddress extends ServerAccess {
  readonly kind: 'sentinel';
  readonly sentinels: readonly HostPort[];
  readonly masterName: string;
  /** How the sentinels are spoken to. */
  readonly sentinelAccess?: ServerAccess;
  readonly natMap?: NatMap;
}

export type RedisAddress = SingleAddress | SentinelAddress;

/** Where Redis is and who asks it. */
export const addressVariables = {
  REDIS_URL: text('a redis:// or rediss:// URL').optional(),
  REDIS_SENTINELS: text('host:port,host:port,…').optional(),
  REDIS_MASTER_NAME: text('the name that the sentinels know the master by').optional(),
  REDIS_USERNAME: text('a user of the servers').optional(),
  REDIS_PASSWORD: text('the password of the servers').optional(),
  REDIS_SENTINEL_USERNAME: text('a user of the sentinels').optional(),
  REDIS_SENTINEL_PASSWORD: text('the password of the sentinels').optional(),
  REDIS_TLS: optionalFlag(),
  REDIS_SENTINEL_TLS: optionalFlag(),
  REDIS_TLS_CA: text('the path of a PEM file').optional(),
  REDIS_TLS_CERT: text('the path of a PEM file').optional(),
  REDIS_TLS_KEY: text('the path of a PEM file').optional(),
  REDIS_NAT_MAP: text('host:port=host:port,…').optional(),
};

type Environment = Parsed<typeof addressVariables>;

/** Puts the variables together. Throws ConfigError that names what contradicts what. */
export function redisAddress(environment: Environment): RedisAddress {
  const { REDIS_URL: url, REDIS_SENTINELS: list } = environment;
  if (url !== undefined && list !== undefined) {
    throw new ConfigError('Set REDIS_URL or REDIS_SENTINELS, not both.');
  }
  if (url === undefined && list === undefined) {
    throw new ConfigError(
      'REDIS_URL is not set. Expected a redis:// URL, or REDIS_SENTINELS with REDIS_MASTER_NAME.',
    );
  }
  if (list !== undefined) return sentinelAddress(environment, list);
  for (const name of ofSentinels) {
    if (environment[name] !== undefined) throw needs(name, 'REDIS_SENTINELS');
  }
  return singleAddress(environment, url ?? '');
}

const ofSentinels = [
  'REDIS_MASTER_NAME',
  'REDIS_SENTINEL_USERNAME',
  'REDIS_SENTINEL_PASSWORD',
  'REDIS_SENTINEL_TLS',
  'REDIS_NAT_MAP',
] as const;

function singleAddress(environment: Environment, url: string): SingleAddress {
  if (!/^rediss?:\/\/[^\s/]+/.test(url) || !URL.canParse(url)) {
    throw new ConfigError('REDIS_URL is not a redis:// or rediss:// URL with a host.');
  }
  const { protocol, username, password } = new URL(url);
  if (!canBeDecoded(username) || !canBeDecoded(password)) {
    throw new ConfigError(
      'REDIS_URL holds a password that is not percent-encoded; write % as %25.',
    );
  }
  const given = credentials(environment, 'REDIS_USERNAME', 'REDIS_PASSWORD');
  if (given !== undefined && `${username}${password}` !== '') {
    throw new ConfigError(
      'REDIS_PASSWORD is set and REDIS_URL holds a password; keep one of them.',
    );
  }
  const isTls = protocol === 'rediss:';
  if (environment.REDIS_TLS !== undefined && environment.REDIS_TLS !== isTls) {
    throw new ConfigError(
      `REDIS_TLS is ${environment.REDIS_TLS} and REDIS_URL begins with ${protocol}//; the URL alone decides.`,
    );
  }
  const files = readTlsFiles(environment);
  if (files !== undefined && !isTls) {
    throw new ConfigError(
      `${firstTlsFile(environment)} is set and REDIS_URL begins with redis://; TLS takes rediss://.`,
    );
  }
  return { kind: 'single', url, ...access(given, isTls ? (files ?? {}) : undefined) };
}

function sentinelAddress(environment: Environment, list: string): SentinelAddress {
  const { REDIS_MASTER_NAME: masterName, REDIS_NAT_MAP: map } = environment;
  if (masterName === undefined) throw needs('REDIS_SENTINELS', 'REDIS_MASTER_NAME');
  const files = readTlsFiles(environment);
  const isTls = environment.REDIS_TLS ?? files !== undefined;
  const isSentinelTls = environment.REDIS_SENTINEL_TLS ?? isTls;
  if (files !== undefined && !isTls && !isSentinelTls) {
    throw new ConfigError(
      `${firstTlsFile(environment)} is set and REDIS_TLS is false; set one of them alone.`,
    );
  }
  const ofServers = credentials(environment, 'REDIS_USERNAME', 'REDIS_PASSWORD');
  const ofSentinels = credentials(
    environment,
    'REDIS_SENTINEL_USERNAME',
    'REDIS_SENTINEL_PASSWORD',
  );
  const sentinelAccess = access(ofSentinels, isSentinelTls ? (files ?? {}) : undefined);
  return {
    kind: 'sentinel',
    sentinels: hostPorts('REDIS_SENTINELS', list),
    masterName,
    ...access(ofServers, isTls ? (files ?? {}) : undefined),
    ...(Object.keys(sentinelAccess).length === 0 ? {} : { sentinelAccess }),
    ...(map === undefined ? {} : { natMap: natMap('REDIS_NAT_MAP', map) }),
  };
}

function access(credentials: Credentials | undefined, tls: TlsMaterial | undefined): ServerAccess {
  return {
    ...(credentials === undefined ? {} : { credentials }),
    ...(tls === undefined ? {} : { tls }),
  };
}

function credentials(
  environment: Environment,
  usernameVariable: 'REDIS_USERNAME' | 'REDIS_SENTINEL_USERNAME',
  passwordVariable: 'REDIS_PASSWORD' | 'REDIS_SENTINEL_PASSWORD',
): Credentials | undefined {
  const { [usernameVariable]: username, [passwordVariable]: password } = environment;
  if (password !== undefined) return { ...(username === undefined ? {} : { username }), password };
  if (username !== undefined) throw needs(usernameVariable, passwordVariable);
  return undefined;
}

function canBeDecoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false; // the answer, not a failure
  }
}

function firstTlsFile(environment: Environment): string {
  const names = ['REDIS_TLS_CA', 'REDIS_TLS_CERT'] as const;
  return names.find((name) => environment[name] !== undefined) ?? names[0];
}

function needs(variable: string, other: string): ConfigError {
  return new ConfigError(`${variable} is set; ${other} must be set with it.`);
}
