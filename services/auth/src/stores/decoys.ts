import { randomBytes } from 'node:crypto';
import type { Sql } from '@secureconnect/postgres';
import { subjectOf } from '../secrets.ts';
import { isAddressReserved } from './email-changes.ts';
import { type Account, findAccountRegisteredFor, insertUser, type NewUser } from './users.ts';

/**
 * Creates the account of a registration without disclosing whether somebody has the address. If so,
 * the account is a decoy: it holds the user name, and nobody can sign in to it. The statements are the
 * same in both cases. Returns the account as its sender is to see it, and the address that it has.
 *
 * Throws CONFLICT if the name is taken, or if the address was taken since this transaction began.
 */
export async function insertUndisclosed(
  sql: Sql,
  userId: string,
  registration: NewUser,
  passwordHash: string,
): Promise<{ readonly account: Account; readonly storedEmail: string }> {
  const { email } = registration;
  const subject = subjectOf(email);
  const { isTaken, mayBeJudged } = await addressState(sql, email, subject);
  const isDecoy = (await isAddressReserved(sql, email, userId)) || isTaken;
  // Random, because whoever knew it could compare how a decoy and an account sign in.
  const decoyEmail = `decoy-${randomBytes(16).toString('hex')}@decoy.invalid`;
  const storedEmail = isDecoy ? decoyEmail : email;
  const stored = { ...registration, email: storedEmail };
  const registeredFor = isDecoy && mayBeJudged ? subject : undefined;
  const { user, ...account } = await insertUser(sql, userId, stored, passwordHash, {
    registeredFor,
  });
  return { account: { ...account, user: { ...user, email } }, storedEmail };
}

/** The decoy whose password is judged at logins of an address, if there is one. */
export function findDecoy(sql: Sql, email: string): Promise<Account | undefined> {
  return findAccountRegisteredFor(sql, subjectOf(email));
}

/**
 * Of the registrations of an address, logins judge the first password alone, whether it is that of an
 * account or of a decoy: if they judged all, their number would tell which one it is.
 */
async function addressState(
  sql: Sql,
  email: string,
  subject: string,
): Promise<{ readonly isTaken: boolean; readonly mayBeJudged: boolean }> {
  const [row] = await sql.query<{ is_taken: boolean; is_judged: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM auth.users WHERE email = $1) AS is_taken,
       EXISTS (SELECT 1 FROM auth.users WHERE registered_for = $2
         OR (email = $1 AND email_verified_at IS NULL)) AS is_judged`,
    [email, subject],
  );
  return { isTaken: row?.is_taken === true, mayBeJudged: row?.is_judged !== true };
}
