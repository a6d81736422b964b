import { createHash } from 'node:crypto';

export interface Decision {
  readonly granted: boolean;
  readonly limit: number;
  /** Requests that would still be granted now, by this instance where `source` is `local`. */
  readonly remaining: number;
  /** Seconds until the whole limit is free again, if nothing more is asked for. */
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
 * The key that a subject's requests are counted under. The subject (a user id, an address) is
 * hashed: no personal data stands in Redis. 128 bits of SHA-256 do not collide.
 * @param name of the limit, without a colon: `login`
 */
export function limitKey(name: string, subject: string): string {
  if (name.includes(':')) throw new Error(`the name of a limit has no colon: ${name}`);
  const hash = createHash('sha256').update(subject).digest('base64url');
  return `${name}:${hash.slice(0, 22)}`;
}

/** The name of the limit that a key belongs to. */
export function limitNameOf(key: string): string {
  return key.slice(0, key.indexOf(':'));
}
