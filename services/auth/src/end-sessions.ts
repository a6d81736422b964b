import type { Database } from '@secureconnect/postgres';
import { insertRevocations } from './stores/revocations.ts';
import { endSessionsOf, endSomeSessions } from './stores/sessions.ts';
import { databaseTime, moveTokenCutoff } from './stores/token-cutoff.ts';
import { sessionRevokedUntilMs } from './token-lifetimes.ts';

/** Sessions that one transaction ends, at most. */
const batchSize = 5000;

export interface EndedSessions {
  /** Sessions that could have been used on. */
  readonly ended: number;
  /** Access tokens that were issued before are refused. */
  readonly notBefore: Date;
}

/**
 * Ends every session that there is: no refresh token of theirs gives another, and no access token is
 * accepted that was issued before this has ended: the database's clock tells, which has issued them.
 * Whoever logs in meanwhile stays, and may need one refresh. Once more ends what has come since, and
 * does no harm.
 */
export async function endAllSessions(database: Database): Promise<EndedSessions> {
  const until = await databaseTime(database);
  const before = await endUntil(database, until);
  // Last, so that no access token is younger that a session has given before it was ended.
  const notBefore = await database.transaction((sql) => moveTokenCutoff(sql));
  // Of logins that were under way when this began.
  const meanwhile = await endUntil(database, until);
  return { ended: before + meanwhile, notBefore };
}

/** Returns how many live sessions it has ended. */
async function endUntil(database: Database, until: Date): Promise<number> {
  for (let total = 0; ; ) {
    const { ended, live } = await database.transaction((sql) =>
      endSomeSessions(sql, until, batchSize),
    );
    total += live;
    if (ended < batchSize) return total;
  }
}

/** Ends every session of one user and revokes their tokens; returns how many sessions that were. */
export function endSessionsOfUser(database: Database, userId: string): Promise<number> {
  return database.transaction(async (sql) => {
    const ended = await endSessionsOf(sql, userId);
    const expiresAtMs = sessionRevokedUntilMs();
    const revocations = ended.map((id) => ({ id, expiresAtMs }));
    await insertRevocations(sql, revocations, 'ended by the operator');
    return ended.length;
  });
}
