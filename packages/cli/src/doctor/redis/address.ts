import { readFileSync } from 'node:fs';
import { CannotLook } from '../outcome.ts';
import { decoded, type Settings } from '../settings.ts';
import { reasonOf } from '../support/reason-of.ts';

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

export interface RedisTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** How to be let in at servers, or at sentinels. */
export interface RedisAccess {
  readonly username?: string;
  readonly password?: string;
  /** Undefined: no TLS. */
  readonly tls?: RedisTls;
}

/** Where Redis is, as the services read it (docs/redis.md). */
export type RedisAddress =
  | { readonly kind: 'single'; readonly server: HostPort; readonly access: RedisAccess }
  | {
      readonly kind: 'sentinel';
      readonly sentinels: readonly HostPort[];
      readonly masterName: string;
      readonly access: RedisAccess;
      readonly sentinelAccess: RedisAccess;
      readonly natMap: ReadonlyMap<string, HostPort>;
    }
  | {
      readonly kind: 'cluster';
      readonly nodes: readonly HostPort[];
      readonly access: RedisAccess;
      readonly natMap: ReadonlyMap<string, HostPort>;
    };

/** `host:port`, with brackets around an IPv6 address. */
export function nameOf({ host, port }: HostPort): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Reads `host:port`; throws CannotLook that names the variable if it is something else. */
export function hostPort(variable: string, text: string): HostPort {
  const match = /^(?:\[([\da-f:.]+)\]|([^\s:[\]]+)):(\d{1,5})$/i.exec(text);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined) throw new CannotLook(`${variable} has an entry that is not host:port`);
  return { host, port: Number(match?.[3]) };
}

/**
 * The address of Redis; undefined if no variable names one. Throws CannotLook if variables
 * contradict each other or a file cannot be read: the services refuse to start then, and say more.
 */
export function redisAddress(settings: Settings): RedisAddress | undefined {
  const kinds = ['REDIS_URL', 'REDIS_SENTINELS', 'REDIS_CLUSTER'];
  const [kind, other] = kinds.filter((name) => settings.get(name) !== undefined);
  if (kind === undefined) return undefined;
  if (other !== undefined) throw new CannotLook(`${kind} and ${other} are both set; set one`);
  if (kind === 'REDIS_URL') return single(settings);
  const access = accessOf(settings, 'REDIS', settings.get('REDIS_TLS'));
  if (kind === 'REDIS_CLUSTER') {
    const nodes = settings.list(kind).map((entry) => hostPort(kind, entry));
    return { kind: 'cluster', nodes, access, natMap: natMap(settings) };
  }
  const masterName = settings.get('REDIS_MASTER_NAME');
  if (masterName === undefined) throw new CannotLook('REDIS_MASTER_NAME is not set');
  const tlsOfServers = access.tls === undefined ? 'false' : 'true';
  const sentinelTls = settings.get('REDIS_SENTINEL_TLS') ?? tlsOfServers;
  return {
    kind: 'sentinel',
    sentinels: settings.list(kind).map((entry) => hostPort(kind, entry)),
    masterName,
    access,
    sentinelAccess: accessOf(settings, 'REDIS_SENTINEL', sentinelTls),
    natMap: natMap(settings),
  };
}

function single(settings: Settings): RedisAddress {
  const text = settings.get('REDIS_URL') ?? '';
  if (!/^rediss?:\/\/[^\s/]/.test(text) || !URL.canParse(text)) {
    throw new CannotLook('REDIS_URL is not a redis:// or rediss:// URL with a host');
  }
  const { protocol, hostname, port, username, password } = new URL(text);
  const isTls = protocol === 'rediss:';
  const own = accessOf(settings, 'REDIS', String(isTls));
  const inUrl = {
    ...(username === '' ? {} : { username: decoded(username) }),
    ...(password === '' ? {} : { password: decoded(password) }),
  };
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const defaultPort = 6379;
  return {
    kind: 'single',
    server: { host, port: port === '' ? defaultPort : Number(port) },
    access: { ...own, ...inUrl },
  };
}

/** `tls`: `true`, `false`, or undefined, which means TLS if a file is named. */
function accessOf(
  settings: Settings,
  prefix: 'REDIS' | 'REDIS_SENTINEL',
  tls: string | undefined,
): RedisAccess {
  const username = settings.get(`${prefix}_USERNAME`);
  const password = settings.get(`${prefix}_PASSWORD`);
  const files = tlsFiles(settings);
  const isTls = tls === undefined ? Object.keys(files).length > 0 : tls === 'true';
  return {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(isTls ? { tls: files } : {}),
  };
}

function tlsFiles(settings: Settings): RedisTls {
  const files = [
    ['ca', 'REDIS_TLS_CA'],
    ['cert', 'REDIS_TLS_CERT'],
    ['key', 'REDIS_TLS_KEY'],
  ] as const;
  return Object.fromEntries(
    files.flatMap(([field, variable]) => {
      const path = settings.get(variable);
      return path === undefined ? [] : [[field, contentOf(variable, path)]];
    }),
  );
}

function contentOf(variable: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new CannotLook(`${variable} names a file that cannot be read here: ${reasonOf(error)}`);
  }
}

function natMap(settings: Settings): ReadonlyMap<string, HostPort> {
  const variable = 'REDIS_NAT_MAP';
  return new Map(
    settings.list(variable).map((entry) => {
      const [from = '', to = ''] = entry.split('=');
      return [nameOf(hostPort(variable, from)), hostPort(variable, to)] as const;
    }),
  );
}
