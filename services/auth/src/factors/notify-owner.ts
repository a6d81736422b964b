import { randomUUID } from 'node:crypto';
import type { Sql } from '@secureconnect/postgres';
import { writeMail } from '../mail/mail-effect.ts';
import { findAccount } from '../stores/users.ts';

/**
 * Tells the owner of an account by mail what happened to its factors, in the transaction that did it.
 * @param what one sentence, without anything secret
 */
export async function notifyOwner(sql: Sql, userId: string, what: string): Promise<void> {
  const { email } = (await findAccount(sql, userId)).user;
  const advice = 'If it was not you, reset your password now; that ends every session.';
  await writeMail(sql, {
    key: `factor-changed:${randomUUID()}`,
    to: email,
    subject: 'The second factor of your account',
    text: `${what}\n${advice}`,
    userId,
  });
}
