import { openDatabase, type SqlValue } from '@secureconnect/postgres';
import type { TestAuth } from './harness.ts';

/** What a statement returns from the database of an instance. */
export async function rowsOf(
  { databaseUrl }: Pick<TestAuth, 'databaseUrl'>,
  text: string,
  values: readonly SqlValue[] = [],
): Promise<Record<string, unknown>[]> {
  const database = openDatabase({ url: databaseUrl, maxConnections: 1 });
  try {
    return await database.query(text, values);
  } finally {
    await database.close();
  }
}
