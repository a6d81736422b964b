import { hash } from 'node:crypto';

export interface Decision {
  readonly granted: boolean;
  readonly limit: number;
  /**
   * The number of requests that would still be granted now; by this instance if `source` is
   * `local`.
   */
  readonly remaining: number;
  /** Seconds until the whole limit is free again, without further requests. */
  readonly resetSeconds: number;
  /** Seconds until the next request would be granted; 0 for a granted one. */
  readonly retryAfterSeconds: number;
  readonly source: 'redis' | 'local';
}

/** Counts requests against a limit a minute. Refused requests do not count. */
export interface RateLimiter {
  /**
   * Asks for one request.
   * @param key from `limitKey`
   * @param limit requests in any window of 60 s
   */
  consume(key: string, limit: number): Promise<Decision>;
}

/**
 * The key of a subject's counter. The subject (a user id, an address) is hashed, so that Redis has
 * no personal data. 128 bits of SHA-256 do not collide.
 * @param name of the limit, without a colon: `login`
 */
export function limitKey(name: string, subject: string): string {
  if (name.includes(':')) throw new Error(`the name of a limit must not contain a colon: ${name}`);
  // At once: an object for the hash would cost more than the hash.
  return `${name}:${hash('sha256', subject, 'base64url').slice(0, 22)}`;
}

/** The name of the limit that a key belongs to. */
export function limitNameOf(key: string): string {
  return key.slice(0, key.indexOf(':'));
}
