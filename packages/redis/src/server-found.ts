import type { DegradedMode } from '@secureconnect/degraded-mode';
import type { Logger } from '@secureconnect/service';

/** The server that answers as Redis. */
export interface ServerFound {
  readonly server: 'redis' | 'valkey' | 'other';
  /** `7.0.15`; empty if unknown. */
  readonly version: string;
  /** Whether we test with it. */
  readonly isExpected: boolean;
}

const expected = 'Redis 7 or later, or Valkey';
const lowestMajor = 7;

/** Parses `INFO server`. Valkey also reports Redis 7.2.4, and its own version separately. */
export function readServer(info: string): ServerFound {
  const valkey = /^valkey_version:(\S+)/m.exec(info)?.[1];
  if (valkey !== undefined) return { server: 'valkey', version: valkey, isExpected: true };
  const version = /^redis_version:(\S+)/m.exec(info)?.[1];
  if (version === undefined) return { server: 'other', version: '', isExpected: false };
  const isExpected = Number.parseInt(version, 10) >= lowestMajor;
  return { server: 'redis', version, isExpected };
}

/**
 * Logs the server at the first contact and after each outage, and not for each attempt to recover:
 * other reasons may delay it. An older server is not refused: unsupported commands use their
 * fallbacks, and a change of the server must not stop the services.
 */
export class ServerLog {
  readonly #log: Logger;
  readonly #told = new Set<string>();

  constructor(log: Logger, { availability }: DegradedMode) {
    this.#log = log;
    availability.on('changed', (state) => {
      if (state === 'available') this.#told.clear();
    });
  }

  found({ server, version, isExpected }: ServerFound): void {
    const name = `${server} ${version}`;
    if (this.#told.has(name)) return;
    this.#told.add(name);
    if (isExpected) this.#log.info({ server, version }, 'Redis found');
    else this.#log.warn({ server, version, expected }, 'Redis found, but older than expected');
  }
}
