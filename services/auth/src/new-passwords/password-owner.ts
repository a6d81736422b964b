import type { Sql } from '@secureconnect/postgres';
import { hasSecondFactor } from '../stores/totp-factors.ts';
import type { Account } from '../stores/users.ts';
import type { PasswordOwnerWithFactors } from './new-passwords.ts';

/** What a new password of an account is compared with, and whether it is the only factor. */
export async function passwordOwner(
  sql: Sql,
  { user }: Pick<Account, 'user'>,
): Promise<PasswordOwnerWithFactors> {
  return {
    email: user.email,
    username: user.username,
    displayName: user.display_name,
    hasSecondFactor: await hasSecondFactor(sql, user.user_id),
  };
}
