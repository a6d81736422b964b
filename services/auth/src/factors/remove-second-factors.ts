import type { Sql } from '@secureconnect/postgres';
import { replaceRecoveryCodeHashes } from '../stores/recovery-codes.ts';
import { endChallengesOf } from '../stores/sign-in-challenges.ts';
import { deleteTotpFactor, isConfirmedSince } from '../stores/totp-factors.ts';

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

/**
 * Removes the second factor if it was added since a change of the address was requested: the person
 * who requested it may have added it, and it would lock the owner out. Returns the number of factors
 * that counted.
 */
export async function removeFactorsSince(
  sql: Sql,
  userId: string,
  changeId: string,
): Promise<number> {
  return (await isConfirmedSince(sql, userId, changeId)) ? removeSecondFactors(sql, userId) : 0;
}
