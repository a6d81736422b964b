import type { Sql } from '@secureconnect/postgres';
import { ApiError, type Logger, SealingError } from '@secureconnect/service';
import { type AuditOrigin, recordAudit } from '../audit/record-audit.ts';
import { countRecoveryCodes, useRecoveryCode } from '../stores/recovery-codes.ts';
import {
  findTotpFactor,
  hasSecondFactor,
  type TotpFactor,
  useStep,
} from '../stores/totp-factors.ts';
import type { FactorKeys } from './factor-keys.ts';
import { notifyOwner } from './notify-owner.ts';
import { recoveryCodeHash } from './recovery-codes.ts';
import { stepOfCode } from './totp.ts';

/** A code of the second factor, as a client sent it: one of the two. */
export interface GivenCode {
  readonly code?: string;
  readonly recovery_code?: string;
}

/** What proved the second factor, for the audit log. */
export type SecondFactorKind = 'totp' | 'recovery_code' | 'passkey';

/** A proof of the second factor that was judged, but not used. */
export interface JudgedProof {
  readonly kind: SecondFactorKind;
  /**
   * Uses the proof in the transaction of what it allows; false if it was used meanwhile. It is used
   * up if, and only if, the transaction commits.
   */
  use(sql: Sql): Promise<boolean>;
}

export interface JudgeDeps {
  readonly database: Sql;
  readonly factorKeys: FactorKeys;
}

/**
 * Judges a code; undefined if it is wrong, or if the account has no second factor.
 * @throws ApiError SERVICE_UNAVAILABLE if FACTOR_SECRET cannot decrypt the factor
 */
export async function judgeCode(
  { database, factorKeys }: JudgeDeps,
  userId: string,
  { code, recovery_code: recoveryCode }: GivenCode,
  { origin, log }: { readonly origin: AuditOrigin; readonly log: Logger },
): Promise<JudgedProof | undefined> {
  if (recoveryCode !== undefined) {
    const hash = recoveryCodeHash(userId, recoveryCode);
    return { kind: 'recovery_code', use: (sql) => useAndTell(sql, userId, hash, origin) };
  }
  const factor = await findTotpFactor(database, userId);
  if (code === undefined || factor?.confirmedAt === undefined) return undefined;
  const { factorId } = factor;
  const step = await stepOfCode(secretOf(factorKeys, userId, factor, log), code);
  if (step === undefined) return undefined;
  return { kind: 'totp', use: (sql) => useStep(sql, userId, { factorId, step }) };
}

/** Each use is told to the owner: the codes are kept somewhere, and somebody may have found them. */
async function useAndTell(
  sql: Sql,
  userId: string,
  hash: Buffer,
  origin: AuditOrigin,
): Promise<boolean> {
  if (!(await hasSecondFactor(sql, userId))) return false;
  if (!(await useRecoveryCode(sql, userId, hash))) return false;
  const left = await countRecoveryCodes(sql, userId);
  await recordAudit(sql, { action: 'recovery_code_used', userId, origin, details: { left } });
  await notifyOwner(sql, userId, `A recovery code of your account was used; ${left} are left.`);
  return true;
}

/** The secret of a factor. @throws ApiError SERVICE_UNAVAILABLE if FACTOR_SECRET cannot decrypt it */
export function secretOf(
  factorKeys: FactorKeys,
  userId: string,
  { encryptedSecret }: Pick<TotpFactor, 'encryptedSecret'>,
  log: Logger,
): string {
  try {
    return factorKeys.decrypt(userId, encryptedSecret);
  } catch (error) {
    if (!(error instanceof SealingError)) throw error;
    log.error({ err: error }, 'second factor cannot be decrypted; check FACTOR_SECRET');
    const message =
      'Codes of authenticator apps cannot be verified; use a recovery code, or retry.';
    throw new ApiError('SERVICE_UNAVAILABLE', message, { retryAfterSeconds: 60 });
  }
}
