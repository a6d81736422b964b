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
export function stepUpSession(
  database: Database,
  by: { readonly account: Account; readonly sessionId: string; readonly origin: AuditOrigin },
  { kind, use }: StepUpProof,
): Promise<Date | undefined> {
  const { account, sessionId, origin } = by;
  const { user_id: userId } = account.user;
  return database.transaction(async (sql) => {
    if ((await findAccountIfUnchanged(sql, account)) === undefined) return undefined;
    // Before the proof is used, so that none is spent on a session that has ended.
    const until = await recordStepUp(sql, sessionId);
    if (until === undefined || !(await use(sql))) return undefined;
    const details = kind === undefined ? {} : { second_factor: kind };
    await recordAudit(sql, { action: 'stepped_up', userId, sessionId, origin, details });
    return until;
  });
}
