import { type Database, type DatabaseOptions, openDatabase } from '@secureconnect/postgres';

/**
 * The way of a test to SQL, past the services. On a busy machine a connection or a statement may take
 * longer than a service would wait.
 */
export function openTestDatabase(
  url: string,
  options: Partial<Omit<DatabaseOptions, 'url'>> = {},
): Database {
  return openDatabase({
    ...{ url, maxConnections: 2, connectTimeoutMs: 30_000, statementTimeoutMs: 10_000 },
    ...options,
  });
}
