/** The size of libuv's pool if UV_THREADPOOL_SIZE is not set. */
const defaultPoolSize = 4;

/**
 * Half of libuv's threads: the maximum for one kind of slow work (hashing, files). The others are
 * left to work that must not wait and needs the same threads: connections to the database (SCRAM's
 * PBKDF2) and name lookups.
 */
export function threadShare(poolSize = process.env['UV_THREADPOOL_SIZE']): number {
  const threads = Number.parseInt(poolSize ?? '', 10) || defaultPoolSize;
  return Math.max(1, Math.floor(threads / 2));
}
