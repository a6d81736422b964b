import type { Sql } from '@secureconnect/postgres';
import { storeSessionRevocations } from '../revoke-sessions.ts';
import { subjectOf } from '../secrets.ts';
import { beginDeletion } from '../stores/account-deletions.ts';
import { anonymizeAccount } from '../stores/personal-data.ts';
import { endSessionsOf } from '../stores/sessions.ts';
import { holdAccount } from '../stores/users.ts';

/** Ends every session of a user in SQL; returns their revocations. */
export async function revokeSessionsOf(sql: Sql, userId: string) {
  return storeSessionRevocations(sql, await endSessionsOf(sql, userId), 'account deleted');
}

/**
 * Begins a deletion that is due, for good: sessions end, the address is free, and nobody can sign in.
 * Nothing happens if it is not due or has begun.
 */
export async function closeAccount(sql: Sql, userId: string): Promise<void> {
  if (!(await beginDeletion(sql, userId))) return;
  const { user } = await holdAccount(sql, userId);
  const { email } = user;
  await revokeSessionsOf(sql, userId);
  await anonymizeAccount(sql, { userId, email, subject: subjectOf(email) });
}
