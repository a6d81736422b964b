import type {
  ClusterAddress,
  Credentials,
  RedisAddress,
  SentinelAddress,
  ServerAccess,
  SingleAddress,
  TlsMaterial,
} from '@secureconnect/degraded-mode/ioredis';
import { ConfigError, optionalFlag, type Parsed, text } from '@secureconnect/service';
import { hostPorts, natMap } from './host-port.ts';
import { readTlsFiles } from './tls-files.ts';

/** The variables for Redis's address and credentials. */
export const addressVariables = {
  REDIS_URL: text('a redis:// or rediss:// URL').optional(),
  REDIS_SENTINELS: text('host:port,host:port,…').optional(),
  REDIS_CLUSTER: text('host:port,host:port,…').optional(),
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
type Name = keyof Environment;

const kinds = ['REDIS_URL', 'REDIS_SENTINELS', 'REDIS_CLUSTER'] as const;

const ofSentinels: readonly Name[] = [
  'REDIS_MASTER_NAME',
  'REDIS_SENTINEL_USERNAME',
  'REDIS_SENTINEL_PASSWORD',
  'REDIS_SENTINEL_TLS',
];

/** Combines the variables. Throws ConfigError naming contradictions. */
export function readAddress(environment: Environment): RedisAddress {
  const [kind, other] = kinds.filter((name) => environment[name] !== undefined);
  if (kind === undefined) {
    throw new ConfigError(
      'REDIS_URL is not set. Expected a redis:// URL, or REDIS_SENTINELS with REDIS_MASTER_NAME, ' +
        'or REDIS_CLUSTER.',
    );
  }
  if (other !== undefined) throw new ConfigError(`Set ${kind} or ${other}, not both.`);
  const { REDIS_URL: url, REDIS_SENTINELS: sentinels, REDIS_CLUSTER: nodes } = environment;
  if (sentinels !== undefined) return sentinelAddress(environment, sentinels);
  for (const name of ofSentinels) {
    if (environment[name] !== undefined) throw needs(name, 'REDIS_SENTINELS');
  }
  if (nodes !== undefined) return clusterAddress(environment, nodes);
  if (environment.REDIS_NAT_MAP !== undefined) {
    throw needs('REDIS_NAT_MAP', 'REDIS_SENTINELS or REDIS_CLUSTER');
  }
  return singleAddress(environment, url ?? '');
}

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
      'REDIS_PASSWORD is set and REDIS_URL holds a password; remove one of them.',
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
      `${firstTlsFile(environment)} is set and REDIS_URL begins with redis://; for TLS, use rediss://.`,
    );
  }
  return { kind: 'single', url, ...access(given, isTls ? (files ?? {}) : undefined) };
}

function sentinelAddress(environment: Environment, list: string): SentinelAddress {
  const { REDIS_MASTER_NAME: masterName } = environment;
  if (masterName === undefined) throw needs('REDIS_SENTINELS', 'REDIS_MASTER_NAME');
  const files = readTlsFiles(environment);
  const isTls = environment.REDIS_TLS ?? files !== undefined;
  const isSentinelTls = environment.REDIS_SENTINEL_TLS ?? isTls;
  if (files !== undefined && !isTls && !isSentinelTls) throw withoutTls(environment);
  const user = credentials(environment, 'REDIS_SENTINEL_USERNAME', 'REDIS_SENTINEL_PASSWORD');
  const sentinelAccess = access(user, isSentinelTls ? (files ?? {}) : undefined);
  return {
    kind: 'sentinel',
    sentinels: hostPorts('REDIS_SENTINELS', list),
    masterName,
    ...serverAccess(environment, isTls ? (files ?? {}) : undefined),
    ...(Object.keys(sentinelAccess).length === 0 ? {} : { sentinelAccess }),
    ...mapped(environment),
  };
}

function clusterAddress(environment: Environment, list: string): ClusterAddress {
  const files = readTlsFiles(environment);
  const isTls = environment.REDIS_TLS ?? files !== undefined;
  if (files !== undefined && !isTls) throw withoutTls(environment);
  return {
    kind: 'cluster',
    nodes: hostPorts('REDIS_CLUSTER', list),
    ...serverAccess(environment, isTls ? (files ?? {}) : undefined),
    ...mapped(environment),
  };
}

function serverAccess(environment: Environment, tls: TlsMaterial | undefined): ServerAccess {
  return access(credentials(environment, 'REDIS_USERNAME', 'REDIS_PASSWORD'), tls);
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

function mapped({ REDIS_NAT_MAP: map }: Environment) {
  return map === undefined ? {} : { natMap: natMap('REDIS_NAT_MAP', map) };
}

function canBeDecoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false; // the answer, not a failure
  }
}

function withoutTls(environment: Environment): ConfigError {
  return new ConfigError(
    `${firstTlsFile(environment)} is set and REDIS_TLS is false; set one of them alone.`,
  );
}

function firstTlsFile(environment: Environment): string {
  const names = ['REDIS_TLS_CA', 'REDIS_TLS_CERT'] as const;
  return names.find((name) => environment[name] !== undefined) ?? names[0];
}

function needs(variable: string, other: string): ConfigError {
  return new ConfigError(`${variable} is set; ${other} must be set with it.`);
}
