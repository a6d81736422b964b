import type { Database, Sql } from '@secureconnect/postgres';
import { type AuditOrigin, recordAudit } from '../audit/record-audit.ts';
import { recordStepUp } from '../stores/step-ups.ts';
import { type Account, findAccountIfUnchanged } from '../stores/users.ts';
import type { SecondFactorKind } from './judge-code.ts';

/** A proof of who somebody is that was judged, but not used. */
export interface StepUpProof {
  /** Undefined for a password. */
  readonly kind?: SecondFactorKind;
  /** As that of `JudgedProof`. */
  use(sql: Sql): Promise<boolean>;
}

/**
 * Steps a session up in the transaction that uses the proof. Returns until when the step-up counts;
 * undefined if the proof was used meanwhile, the password has changed, or the session has ended.
 */
export async function stepUpSession(
  database: Database,
  by: { readonly account: Account; readonly sessionId: string; readonly origin: AuditOrigin },
  { kind, use }: StepUpProof,
): Promise<Date | undefined> {
  const { account, sessionId, origin } = by;
  const { user_id: userId } = account.user;
  try {
    return await database.transaction(async (sql) => {
      if ((await findAccountIfUnchanged(sql, account)) === undefined) return undefined;
      // First, so that no proof is spent on a session that has ended, and step-ups of one session
      // take turns.
      const until = await recordStepUp(sql, sessionId);
      if (until === undefined) return undefined;
      if (!(await use(sql))) throw new ProofNotUsed();
      const details = kind === undefined ? {} : { second_factor: kind };
      await recordAudit(sql, { action: 'stepped_up', userId, sessionId, origin, details });
      return until;
    });
  } catch (error) {
    if (error instanceof ProofNotUsed) return undefined;
    throw error;
  }
}

/** Undoes the transaction, which has recorded a step-up by then. */
class ProofNotUsed extends Error {
  override readonly name = 'ProofNotUsed';
}
