import { type Database, explainCommandFailure, openDatabase } from '@secureconnect/postgres';

/** Longer than that of requests: one statement may read or write thousands of rows. */
const statementTimeoutMs = 60_000;

/** An error that the operator can correct. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Runs a command of the operator on the database in DATABASE_URL, and writes the lines that it
 * returns. A UsageError, options that `parseArgs` refuses, or a database that cannot serve, end the
 * process with 1 and say what to do.
 */
export async function runCommand(
  command: (database: Database) => Promise<string | readonly string[]>,
): Promise<void> {
  const url = process.env['DATABASE_URL'] ?? '';
  try {
    if (url === '') throw new UsageError('DATABASE_URL is not set; expected a postgresql:// URL.');
    await using resources = new AsyncDisposableStack();
    const database = openDatabase({ url, statementTimeoutMs, maxConnections: 1 });
    resources.defer(() => database.close());
    for (const line of [await command(database)].flat()) process.stdout.write(`${line}\n`);
  } catch (error) {
    process.exitCode = 1;
    const line = error instanceof UsageError ? error.message : explainCommandFailure(error, url);
    if (line === undefined) throw error;
    process.stderr.write(`${line}\n`);
  }
}
