import type { Logger } from '@secureconnect/service';

/** What answers as Redis. */
export interface ServerFound {
  readonly server: 'redis' | 'valkey' | 'other';
  /** `7.0.15`; empty where it does not say. */
  readonly version: string;
  /** Whether the product is tested with it. */
  readonly isExpected: boolean;
}

const expected = 'Redis 7 or later, or Valkey';
const lowestMajor = 7;

/** Reads `INFO server`. Valkey calls itself Redis 7.2.4 as well, and says its own version apart. */
export function readServer(info: string): ServerFound {
  const valkey = /^valkey_version:(\S+)/m.exec(info)?.[1];
  if (valkey !== undefined) return { server: 'valkey', version: valkey, isExpected: true };
  const version = /^redis_version:(\S+)/m.exec(info)?.[1];
  if (version === undefined) return { server: 'other', version: '', isExpected: false };
  const isExpected = Number.parseInt(version, 10) >= lowestMajor;
  return { server: 'redis', version, isExpected };
}

/**
 * A line at the first contact and after each outage. An older server is no reason to refuse: what it
 * cannot do falls back as declared, and an upgrade of the server must not end the services.
 */
export function logServer(log: Logger, { server, version, isExpected }: ServerFound): void {
  if (isExpected) log.info({ server, version }, 'Redis found');
  else log.warn({ server, version, expected }, 'Redis found, but older than expected');
}
