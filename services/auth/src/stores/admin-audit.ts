import { type AdminAuditEntry, AuditAction, AuditDetails } from '@secureconnect/contracts';
import type { Sql } from '@secureconnect/postgres';
import { type AuditEntryRow, auditEntryColumns } from './audit-rows.ts';

/** The entries of the chain before a place, newest first; of one account, if it is named. */
export async function listSealedEntries(
  sql: Sql,
  before: number,
  userId: string | undefined,
  maxEntries: number,
): Promise<AdminAuditEntry[]> {
  const rows = await sql.query<AuditEntryRow & { sequence: string }>(
    `SELECT c.sequence, ${auditEntryColumns('e')}
     FROM auth.audit_chain c JOIN auth.audit_entries e ON e.entry_id = c.entry_id
     WHERE c.sequence < $1 AND ($2::uuid IS NULL OR e.user_id = $2::uuid)
     ORDER BY c.sequence DESC LIMIT $3`,
    [before, userId ?? null, maxEntries],
  );
  return rows.map((row) => ({
    sequence: Number(row.sequence),
    entry_id: row.entry_id,
    recorded_at: row.recorded_at.toISOString(),
    action: AuditAction.parse(row.action),
    user_id: row.user_id,
    actor: row.actor_kind,
    actor_id: row.actor_id,
    mode: row.mode,
    details: AuditDetails.parse(JSON.parse(row.details)),
  }));
}
