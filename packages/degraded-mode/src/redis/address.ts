import type { HostPort, NatMap } from './host-port.ts';

/** The PEM material for TLS; empty to trust the system's authorities. */
export interface TlsMaterial {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** The credentials; without a name, the user is `default`. */
export interface Credentials {
  readonly username?: string;
  readonly password: string;
}

/** Credentials and TLS of servers. */
export interface ServerAccess {
  readonly credentials?: Credentials;
  readonly tls?: TlsMaterial;
}

/** One server by URL, which may contain credentials. */
export interface SingleAddress extends ServerAccess {
  readonly kind: 'single';
  readonly url: string;
}

/** A master found through its sentinels. */
export interface SentinelAddress extends ServerAccess {
  readonly kind: 'sentinel';
  readonly sentinels: readonly HostPort[];
  readonly masterName: string;
  /** The number of the database. Default 0. */
  readonly database?: number;
  /** Credentials and TLS of the sentinels. */
  readonly sentinelAccess?: ServerAccess;
  readonly natMap?: NatMap;
}

/** A cluster found through some of its nodes. */
export interface ClusterAddress extends ServerAccess {
  readonly kind: 'cluster';
  readonly nodes: readonly HostPort[];
  readonly natMap?: NatMap;
}

export type RedisAddress = SingleAddress | SentinelAddress | ClusterAddress;
