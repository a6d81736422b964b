/** What libuv takes for its pool where UV_THREADPOOL_SIZE is not set. */
const defaultPoolSize = 4;

/**
 * Half of libuv's threads: as many may be busy at once with one kind of slow work (hashing, files).
 * The others are left to what nobody may keep waiting, which needs the same threads: connections to
 * the database (SCRAM's PBKDF2) and look-ups of names.
 */
export function threadShare(poolSize = process.env['UV_THREADPOOL_SIZE']): number {
  const threads = Number.parseInt(poolSize ?? '', 10) || defaultPoolSize;
  return Math.max(1, Math.floor(threads / 2));
}
