// Ends sessions. Requires DATABASE_URL, which is set in the container of the service:
//   npm run sessions:end -- --all
//   npm run sessions:end -- --user ID_OR_EMAIL
// Refresh tokens are refused at once; access tokens are refused once every process has read the
// database, which it does every five seconds. The command is idempotent.
import { parseArgs } from 'node:util';
import type { Database } from '@secureconnect/postgres';
import { endAllSessions, endSessionsOfUser } from '../end-sessions.ts';
import { findUserToEnd } from '../stores/token-cutoff.ts';
import { runCommand, UsageError } from './run-command.ts';

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

await runCommand((database) => {
  const { values } = parseArgs({
    options: { all: { type: 'boolean', default: false }, user: { type: 'string' } },
  });
  const { all, user } = values;
  if (all === (user !== undefined)) {
    throw new UsageError('Set either --all, or --user with a user_id or an e-mail address.');
  }
  return user === undefined ? endAll(database) : endOf(database, user);
});
