import { type Database, repeatWhileFull, type Sql } from '@secureconnect/postgres';

/** What holds an address of the user, could bring one back, or opens the account. */
const addressesOfUser: readonly string[] = [
  `DELETE FROM auth.email_change_tokens WHERE change_id IN (
     SELECT change_id FROM auth.email_changes WHERE user_id = $1)`,
  'DELETE FROM auth.email_changes WHERE user_id = $1',
  'DELETE FROM auth.email_verifications WHERE user_id = $1',
  'DELETE FROM auth.linked_identities WHERE user_id = $1',
  'DELETE FROM auth.passkeys WHERE user_id = $1',
  'DELETE FROM auth.password_resets WHERE user_id = $1',
  // With their parts, chunks and links.
  'DELETE FROM auth.data_exports WHERE user_id = $1',
];

const secondFactorsOfUser: readonly string[] = [
  'DELETE FROM auth.sign_in_challenges WHERE user_id = $1',
  'DELETE FROM auth.recovery_codes WHERE user_id = $1',
  'DELETE FROM auth.totp_factors WHERE user_id = $1',
];

/**
 * Rows of a closed account, in the order of their references: each statement has the user's id as
 * $1. A table with something of a person belongs here; test/account-deletion.test.ts fails for a
 * table that nobody has thought of.
 */
const rowsOfUser: readonly string[] = [
  'DELETE FROM auth.audit_personal WHERE user_id = $1',
  'DELETE FROM auth.outbox WHERE owner_id = $1',
  ...addressesOfUser,
  ...secondFactorsOfUser,
  `DELETE FROM auth.oidc_flows WHERE session_id IN (
     SELECT session_id FROM auth.sessions WHERE user_id = $1)`,
  `DELETE FROM auth.passkey_challenges WHERE session_id IN (
     SELECT session_id FROM auth.sessions WHERE user_id = $1)`,
  'DELETE FROM auth.friendships WHERE first_id = $1 OR second_id = $1',
  'DELETE FROM auth.key_fetches WHERE fetcher_id = $1 OR target_id = $1',
  `DELETE FROM auth.one_time_pre_keys WHERE session_id IN (
     SELECT session_id FROM auth.sessions WHERE user_id = $1)`,
  'DELETE FROM auth.device_keys WHERE user_id = $1',
  'DELETE FROM auth.user_blocks WHERE blocker_id = $1 OR blocked_id = $1',
  'DELETE FROM auth.sessions WHERE user_id = $1',
  'DELETE FROM auth.account_deletions WHERE user_id = $1',
  'DELETE FROM auth.erased_parts WHERE user_id = $1',
  'DELETE FROM auth.users WHERE user_id = $1',
];

/** What is found by the hash of the address alone. */
const rowsOfAddress: readonly string[] = [
  'DELETE FROM auth.failed_logins WHERE subject = $1',
  'DELETE FROM auth.audit_failed_logins WHERE subject = $1',
  'DELETE FROM auth.mail_requests WHERE subject = $1',
  'DELETE FROM auth.password_reset_requests WHERE subject = $1',
  'UPDATE auth.users SET registered_for = NULL WHERE registered_for = $1',
];

const batchSize = 1000;

/** Erases an account whose other parts are erased. Idempotent; nothing of it is half gone. */
export async function eraseAccount(database: Database, userId: string): Promise<void> {
  // Apart from the transaction: an old account may have thousands.
  await repeatWhileFull(batchSize, () =>
    database.execute(
      `DELETE FROM auth.refresh_tokens WHERE token_hash IN (
         SELECT token_hash FROM auth.refresh_tokens JOIN auth.sessions USING (session_id)
         WHERE user_id = $1 LIMIT $2)`,
      [userId, batchSize],
    ),
  );
  await database.transaction(async (sql) => {
    for (const statement of rowsOfUser) await sql.execute(statement, [userId]);
  });
}

/** Takes the address, the names and every way to sign in from an account. */
export async function anonymizeAccount(
  sql: Sql,
  { userId, email, subject }: { userId: string; email: string; subject: string },
): Promise<void> {
  for (const statement of rowsOfAddress) await sql.execute(statement, [subject]);
  await sql.execute(
    `DELETE FROM auth.outbox WHERE state <> 'done'
       AND (payload ->> 'to' = $1 OR payload ->> 'email' = $1)`,
    [email],
  );
  for (const statement of [...addressesOfUser, ...secondFactorsOfUser]) {
    await sql.execute(statement, [userId]);
  }
  const name = `deleted-${userId.replaceAll('-', '').slice(0, 20)}`;
  await sql.execute(
    `UPDATE auth.users SET email = $2, username = $3, username_key = $3, avatar_url = NULL,
       display_name = 'Deleted user', password_hash = NULL,
       email_verified_at = NULL, status = 'offline', updated_at = now()
     WHERE user_id = $1`,
    [userId, `${name}@deleted.invalid`, name],
  );
}
