// Ends sessions. Requires DATABASE_URL, which is set in the container of the service:
//   npm run sessions:end -- --all
//   npm run sessions:end -- --user ID_OR_EMAIL
// Refresh tokens are refused at once; access tokens are refused once every process has read the
// database, which it does every five seconds. The command is idempotent.
import { parseArgs } from 'node:util';
import { type Database, isDatabaseUnavailable, openDatabase } from '@secureconnect/postgres';
import { endAllSessions, endSessionsOfUser } from '../end-sessions.ts';
import { findUserToEnd } from '../stores/token-cutoff.ts';

/** Longer than that of requests: one statement ends thousands of sessions. */
const statementTimeoutMs = 60_000;

/** An error that the operator can correct. */
class UsageError extends Error {
  override readonly name = 'UsageError';
}

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: { all: { type: 'boolean', default: false }, user: { type: 'string' } },
  });
  const { all, user } = values;
  if (all === (user !== undefined)) {
    throw new UsageError('Set either --all, or --user with a user_id or an e-mail address.');
  }
  const url = process.env['DATABASE_URL'];
  if (!url) throw new UsageError('DATABASE_URL is not set; expected a postgresql:// URL.');
  await using resources = new AsyncDisposableStack();
  const database = openDatabase({ url, statementTimeoutMs, maxConnections: 1 });
  resources.defer(() => database.close());
  print(user === undefined ? await endAll(database) : await endOf(database, user));
}

async function endAll(database: Database): Promise<string> {
  const { ended, notBefore } = await endAllSessions(database);
  return (
    `Ended sessions: ${ended}. Access tokens issued before ${notBefore.toISOString()} are refused ` +
    'by every process within five seconds. All users must log in again.'
  );
}

async function endOf(database: Database, user: string): Promise<string> {
  const userId = await findUserToEnd(database, user);
  if (userId === undefined) throw new UsageError(`There is no user "${user}".`);
  const ended = await endSessionsOfUser(database, userId);
  return (
    `Ended sessions of user ${userId}: ${ended}. Their access tokens are refused by every process ` +
    'within five seconds.'
  );
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  await run();
} catch (error) {
  process.exitCode = 1;
  if (error instanceof UsageError) process.stderr.write(`${error.message}\n`);
  else if (isDatabaseUnavailable(error)) {
    process.stderr.write(
      `The database is down; run this command again when it is up. ${String(error)}\n`,
    );
  } else throw error;
}
