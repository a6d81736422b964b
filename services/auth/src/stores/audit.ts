import {
  AuditAction,
  type AuditActor,
  AuditDetails,
  type AuditMode,
  type OwnAuditEntry,
} from '@secureconnect/contracts';
import type { Sql } from '@secureconnect/postgres';
import type { Position } from '@secureconnect/service';
import type { ChainedEntry, PersonalParts } from '../audit/audit-chain.ts';
import { type AuditEntryRow, auditEntryColumns } from './audit-rows.ts';

export interface NewAuditEntry extends Omit<ChainedEntry, 'recordedAt'>, PersonalParts {
  readonly action: AuditAction;
  readonly actorKind: AuditActor;
  readonly mode: AuditMode;
  readonly salt: Buffer;
}

/**
 * Stores an entry, its personal parts, and the order to seal it, in one statement.
 * @param isStored false: stores nothing, in the time that storing takes
 */
export async function insertAuditEntry(
  sql: Sql,
  entry: NewAuditEntry,
  isStored: boolean,
): Promise<void> {
  await sql.execute(
    `WITH entry AS (
       INSERT INTO auth.audit_entries (entry_id, recorded_at, action, user_id, actor_kind,
         actor_id, session_id, mode, details, personal_digest)
       SELECT $1::uuid, date_trunc('milliseconds', now()), $2::text, $3::uuid, $4::text,
         $5::uuid, $6::uuid, $7::text, $8::text, $9::bytea
       WHERE $14::boolean
       RETURNING entry_id, user_id, recorded_at
     ), personal AS (
       INSERT INTO auth.audit_personal (entry_id, user_id, salt, address, agent, email)
       SELECT entry_id, user_id, $10::bytea, $11::text, $12::text, $13::text FROM entry
       RETURNING entry_id
     )
     INSERT INTO auth.audit_unsealed (entry_id, recorded_at)
     SELECT entry_id, recorded_at FROM entry`,
    [
      entry.entryId,
      entry.action,
      entry.userId,
      entry.actorKind,
      entry.actorId,
      entry.sessionId,
      entry.mode,
      entry.details,
      entry.personalDigest,
      entry.salt,
      entry.address,
      entry.agent,
      entry.email,
      isStored,
    ],
  );
}

/** Maximum entries of failed logins of an account per day. */
const maxFailuresRecorded = 10;

/**
 * Counts a failed login of an address, registered or not; says whether it is recorded, and if so
 * how many were left out since the last one that was.
 */
export async function countFailedLogin(
  sql: Sql,
  subject: string,
): Promise<{ readonly isRecorded: boolean; readonly skippedBefore: number }> {
  const isOver = 'f.window_ends_at <= now()';
  const isRecorded = `(${isOver} OR f.failures < $2)`;
  const [row] = await sql.query<{ recorded: boolean; told: number }>(
    `INSERT INTO auth.audit_failed_logins AS f (subject, window_ends_at, failures)
     VALUES ($1, now() + interval '1 day', 1)
     ON CONFLICT (subject) DO UPDATE SET
       window_ends_at = CASE WHEN ${isOver} THEN excluded.window_ends_at ELSE f.window_ends_at END,
       failures = CASE WHEN ${isOver} THEN 1 ELSE f.failures + 1 END,
       skipped = CASE WHEN ${isRecorded} THEN 0 ELSE f.skipped + 1 END,
       told = CASE WHEN ${isRecorded} THEN f.skipped ELSE 0 END
     RETURNING failures <= $2 AS recorded, told`,
    [subject, maxFailuresRecorded],
  );
  if (row === undefined) throw new Error('the failed login was not counted');
  return { isRecorded: row.recorded, skippedBefore: Number(row.told) };
}

interface OwnAuditRow extends AuditEntryRow {
  address: string | null;
  agent: string | null;
}

/** The entries of an account, newest first, after a position. */
export async function listAuditEntries(
  sql: Sql,
  userId: string,
  after: Position,
  limit: number,
): Promise<OwnAuditEntry[]> {
  const rows = await sql.query<OwnAuditRow>(
    `SELECT ${auditEntryColumns('e')}, p.address, p.agent
     FROM auth.audit_entries e LEFT JOIN auth.audit_personal p ON p.entry_id = e.entry_id
     WHERE e.user_id = $1 AND (e.recorded_at, e.entry_id) < ($2::timestamptz, $3::uuid)
     ORDER BY e.recorded_at DESC, e.entry_id DESC LIMIT $4`,
    [userId, after.at, after.id, limit],
  );
  return rows.map((row) => ({
    entry_id: row.entry_id,
    recorded_at: row.recorded_at.toISOString(),
    action: AuditAction.parse(row.action),
    actor: row.actor_kind,
    session_id: row.session_id,
    // An administrator's own address is not the user's business.
    address: row.actor_kind === 'admin' ? null : row.address,
    agent: row.actor_kind === 'admin' ? null : row.agent,
    mode: row.mode,
    details: AuditDetails.parse(JSON.parse(row.details)),
  }));
}

/** Erases the personal parts of an account's entries; the chain stays valid. */
export async function eraseAuditPersonal(sql: Sql, userId: string): Promise<void> {
  await sql.execute('DELETE FROM auth.audit_personal WHERE user_id = $1', [userId]);
}
