import { randomUUID } from 'node:crypto';
import { auth } from '@secureconnect/contracts/endpoints';
import { byValue, failOpen } from '@secureconnect/degraded-mode';
import type { Sql } from '@secureconnect/postgres';
import { type AuditOrigin, recordAudit } from '../audit/record-audit.ts';
import type { AuthContext } from '../context.ts';
import { noTokens } from '../ports/new-sessions.ts';
import { requestMailIn } from '../request-mail.ts';
import { subjectOf } from '../secrets.ts';
import { sessionClient } from '../session-client.ts';
import { insertUndisclosed } from '../stores/decoys.ts';
import { type Account, insertUser, isAddressConflict, type NewUser } from '../stores/users.ts';
import { route } from './route.ts';

export const register = route(
  auth.register,
  {
    directory: failOpen.skip(),
    newSessions: byValue('SIGN_IN_WITHOUT_REDIS', {
      refuse: failOpen.skip(),
      stateless: failOpen.local(),
      durable: failOpen.durable(),
    }),
  },
  async ({ body, context, noteSecurity, ...client }, { directory, newSessions }) => {
    context.signInGate.admit(client.clientAddress);
    const { password, device_name: deviceName, ...registration } = body;
    const { email, username, display_name: displayName } = registration;
    const owner = { email, username, displayName };
    await context.newPasswords.check(password, owner, 'body.password');
    const hash = await context.passwords.hash(password, client);
    const origin = sessionClient({ ...client, context }, deviceName);
    const { account, storedEmail } = await insertRegistered(context, registration, hash, origin);
    const { user } = account;
    noteSecurity('user_registered', { userId: user.user_id, account: storedEmail });
    await directory.remember(user.user_id, { email: storedEmail, username });
    if (context.requireVerifiedEmail) return { user, ...noTokens };
    const started = await newSessions.start(account, origin);
    if (started?.sessionId !== undefined) {
      noteSecurity('session_started', { userId: user.user_id, sessionId: started.sessionId });
    }
    // No tokens if the password was already reset: the user logs in with the new one.
    return { user, ...(started?.tokens ?? noTokens) };
  },
);

interface Registered {
  readonly account: Account;
  /** The address of the registration, except for a decoy. */
  readonly storedEmail: string;
}

/** Creates the account, its entry in the audit log and the mail to its address. */
async function insertRegistered(
  { database, requireVerifiedEmail }: AuthContext,
  registration: NewUser,
  passwordHash: string,
  origin: AuditOrigin,
): Promise<Registered> {
  const { email } = registration;
  const userId = randomUUID();
  const insert = requireVerifiedEmail ? insertUndisclosed : insertDisclosed;
  const write = () =>
    database.transaction(async (sql) => {
      const inserted = await insert(sql, userId, registration, passwordHash);
      const payload = { template: 'email_verification', email, registered: userId } as const;
      await requestMailIn(sql, 'email_verification', subjectOf(email), payload);
      const audited = { userId, origin, email: inserted.storedEmail };
      await recordAudit(sql, { action: 'registered', ...audited });
      return inserted;
    });
  return write().catch((error: unknown) => {
    // A concurrent registration of the address was first: this one is disclosed as little.
    if (requireVerifiedEmail && isAddressConflict(error)) return write();
    throw error;
  });
}

/** Throws CONFLICT if the address or the name is taken. */
async function insertDisclosed(
  sql: Sql,
  userId: string,
  registration: NewUser,
  passwordHash: string,
): Promise<Registered> {
  const account = await insertUser(sql, userId, registration, passwordHash);
  return { account, storedEmail: registration.email };
}
