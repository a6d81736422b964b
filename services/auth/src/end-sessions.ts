import type { Database, Sql } from '@secureconnect/postgres';
import { recordAudit, unknownOrigin } from './audit/record-audit.ts';
import { revokeSessions, type SessionEnders, storeSessionRevocations } from './revoke-sessions.ts';
import type { RevocationReason } from './stores/revocations.ts';
import { endSessionsOf, endSomeSessions } from './stores/sessions.ts';
import { databaseTime, moveTokenCutoff } from './stores/token-cutoff.ts';

/** Maximum sessions ended per transaction. */
const batchSize = 5000;

export interface EndedSessions {
  /** Number of live sessions that were ended. */
  readonly ended: number;
  /** Access tokens issued before this are refused. */
  readonly notBefore: Date;
}

/**
 * Ends every session: their refresh tokens stop working, and every access token issued before this
 * returns is refused. Both times are of the database's clock. Users who log in meanwhile stay
 * logged in, but may have to refresh once. Idempotent; a second call also ends the sessions created
 * since.
 */
export async function endAllSessions(database: Database): Promise<EndedSessions> {
  const until = await databaseTime(database);
  const before = await endUntil(database, until);
  // Last, so that no ended session has issued a younger access token.
  const notBefore = await database.transaction(async (sql) => {
    const by = { actor: 'operator', userId: null, origin: unknownOrigin } as const;
    await recordAudit(sql, { action: 'sessions_ended', ...by });
    return moveTokenCutoff(sql);
  });
  // Sessions of logins that were in progress when this began.
  const meanwhile = await endUntil(database, until);
  return { ended: before + meanwhile, notBefore };
}

/** Returns the number of live sessions that it ended. */
async function endUntil(database: Database, until: Date): Promise<number> {
  for (let total = 0; ; ) {
    const { ended, live } = await database.transaction((sql) =>
      endSomeSessions(sql, until, batchSize),
    );
    total += live;
    if (ended < batchSize) return total;
  }
}

/** Ends every session of a user in the caller's transaction; returns their number. */
export async function endSessionsWithin(
  sql: Sql,
  userId: string,
  reason: RevocationReason,
  enders: SessionEnders,
): Promise<number> {
  const ended = await endSessionsOf(sql, userId);
  await revokeSessions(sql, ended, reason, enders);
  return ended.length;
}

/** Ends every session of a user and revokes their tokens; returns the number of ended sessions. */
export function endSessionsOfUser(database: Database, userId: string): Promise<number> {
  return database.transaction(async (sql) => {
    const ended = await endSessionsOf(sql, userId);
    await storeSessionRevocations(sql, ended, 'ended by the operator');
    const details = { sessions_ended: ended.length };
    const by = { actor: 'operator', userId, origin: unknownOrigin, details } as const;
    await recordAudit(sql, { action: 'sessions_ended', ...by });
    return ended.length;
  });
}
