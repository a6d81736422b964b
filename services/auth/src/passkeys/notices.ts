import type { Sql } from '@secureconnect/postgres';
import { writeMail } from '../mail/mail-effect.ts';

export interface PasskeyNotice {
  readonly kind: 'added' | 'removed';
  readonly passkeyId: string;
  readonly userId: string;
  readonly to: string;
}

/** Tells the owner of an account, in the transaction of the change. */
export function writePasskeyNotice(
  sql: Sql,
  { kind, passkeyId, userId, to }: PasskeyNotice,
): Promise<void> {
  const [verb, preposition] = kind === 'added' ? ['added', 'to'] : ['removed', 'from'];
  const text = [
    `A passkey was ${verb} ${preposition} your SecureConnect account.`,
    'If it was not you, end every session, look through your passkeys, and reset your password now.',
  ].join('\n');
  const subject = `A passkey was ${verb}`;
  return writeMail(sql, { key: `passkey-${kind}:${passkeyId}`, to, subject, text, userId });
}
