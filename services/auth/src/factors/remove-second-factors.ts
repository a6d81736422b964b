import type { Sql } from '@secureconnect/postgres';
import { replaceRecoveryCodeHashes } from '../stores/recovery-codes.ts';
import { endChallengesOf } from '../stores/sign-in-challenges.ts';
import { deleteTotpFactor } from '../stores/totp-factors.ts';

/**
 * Removes every second factor of an account, its recovery codes, and the sign-ins that wait for one.
 * Returns the number of factors that counted.
 */
export async function removeSecondFactors(sql: Sql, userId: string): Promise<number> {
  const hadTotp = await deleteTotpFactor(sql, userId);
  await replaceRecoveryCodeHashes(sql, userId, []);
  await endChallengesOf(sql, userId);
  return hadTotp ? 1 : 0;
}
