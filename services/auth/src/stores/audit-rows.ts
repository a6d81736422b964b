import type { AuditActor, AuditMode } from '@secureconnect/contracts';
import type { ChainedEntry } from '../audit/audit-chain.ts';

/** A row of auth.audit_entries. */
export interface AuditEntryRow {
  entry_id: string;
  recorded_at: Date;
  action: string;
  user_id: string | null;
  actor_kind: AuditActor;
  actor_id: string | null;
  session_id: string | null;
  mode: AuditMode;
  details: string;
  personal_digest: Buffer;
}

const columns = [
  ...['entry_id', 'recorded_at', 'action', 'user_id', 'actor_kind', 'actor_id'],
  ...['session_id', 'mode', 'details', 'personal_digest'],
];

/** The columns of an AuditEntryRow, of the table with this alias. */
export const auditEntryColumns = (alias: string): string =>
  columns.map((column) => `${alias}.${column}`).join(', ');

export function chainedEntry(row: AuditEntryRow): ChainedEntry {
  return {
    entryId: row.entry_id,
    recordedAt: row.recorded_at,
    action: row.action,
    userId: row.user_id,
    actorKind: row.actor_kind,
    actorId: row.actor_id,
    sessionId: row.session_id,
    mode: row.mode,
    details: row.details,
    personalDigest: row.personal_digest,
  };
}
