// Gives the role "admin" to an account, or takes it away. Requires DATABASE_URL, which is set in the
// container of the service:
//   npm run admin:create -- --user ID_OR_EMAIL
//   npm run admin:revoke -- --user ID_OR_EMAIL
// Works at once, without a new token: the role is read from the database at each use. Idempotent.
import { parseArgs } from 'node:util';
import { changeRole } from '../change-role.ts';
import { findUserToEnd } from '../stores/token-cutoff.ts';
import { runCommand, UsageError } from './run-command.ts';

await runCommand(async (database) => {
  const { values } = parseArgs({
    options: { user: { type: 'string' }, revoke: { type: 'boolean', default: false } },
  });
  const { user, revoke } = values;
  if (user === undefined) {
    throw new UsageError('Set --user to a user_id or an e-mail address.');
  }
  const userId = await findUserToEnd(database, user);
  if (userId === undefined) {
    throw new UsageError(`There is no user "${user}"; register the account first.`);
  }
  const role = revoke ? 'user' : 'admin';
  const isChange = await changeRole(database, userId, role);
  return `User ${userId} ${isChange ? 'now has' : 'has had'} the role "${role}".`;
});
