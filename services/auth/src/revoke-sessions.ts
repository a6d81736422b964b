import type { Sql } from '@secureconnect/postgres';
import type { Revocation, RevocationPublisher } from '@secureconnect/tokens';
import type { Sessions } from './ports/sessions.ts';
import { insertRevocations, type RevocationReason } from './stores/revocations.ts';
import { sessionRevokedUntilMs } from './token-lifetimes.ts';

/** The ports that end sessions at once, beside SQL. */
export interface SessionEnders {
  readonly sessions: Pick<Sessions, 'end'>;
  readonly blacklist: Pick<RevocationPublisher, 'add'>;
}

/**
 * Revokes the tokens of sessions that the caller's transaction has ended, and ends them for the
 * ports. Call it after the other statements: if Redis fails here, nothing has happened.
 */
export async function revokeSessions(
  sql: Sql,
  sessionIds: readonly string[],
  reason: RevocationReason,
  { sessions, blacklist }: SessionEnders,
): Promise<void> {
  await blacklist.add(await storeSessionRevocations(sql, sessionIds, reason));
  await sessions.end(sessionIds);
}

/** Revokes the tokens of sessions that have ended, in SQL alone; returns the revocations. */
export async function storeSessionRevocations(
  sql: Sql,
  sessionIds: readonly string[],
  reason: RevocationReason,
): Promise<Revocation[]> {
  const expiresAtMs = sessionRevokedUntilMs();
  const revocations = sessionIds.map((id) => ({ id, expiresAtMs }));
  await insertRevocations(sql, revocations, reason);
  return revocations;
}
