import type { Sql } from '@secureconnect/postgres';
import type { ChainedEntry, ChainHead } from '../audit/audit-chain.ts';
import { type AuditEntryRow, auditEntryColumns, chainedEntry } from './audit-rows.ts';

/** An entry with its place in the chain. */
export interface ChainLink {
  readonly sequence: number;
  readonly entryId: string;
  readonly hash: Buffer;
}

interface HeadRow {
  sequence: string;
  hash: Buffer;
}

/** Leases the end of the chain to `holder`. Undefined if somebody else holds it. */
export async function leaseAuditHead(
  sql: Sql,
  holder: string,
  leaseSeconds: number,
): Promise<ChainHead | undefined> {
  const rows = await sql.query<HeadRow>(
    `UPDATE auth.audit_head SET leased_by = $1, leased_until = now() + $2 * interval '1 second'
     WHERE leased_by = $1 OR leased_until <= now() RETURNING sequence, hash`,
    [holder, leaseSeconds],
  );
  return rows.map(head)[0];
}

/** The end of the chain. */
export async function findAuditHead(sql: Sql): Promise<ChainHead> {
  const [row] = await sql.query<HeadRow>('SELECT sequence, hash FROM auth.audit_head');
  if (row === undefined) throw new Error('the audit log has no head');
  return head(row);
}

/** Entries that are not in the chain, oldest first. */
export async function unsealedEntries(sql: Sql, maxEntries: number): Promise<ChainedEntry[]> {
  const rows = await sql.query<AuditEntryRow>(
    `SELECT ${auditEntryColumns('e')}
     FROM auth.audit_unsealed u JOIN auth.audit_entries e USING (entry_id)
     ORDER BY u.recorded_at, u.entry_id LIMIT $1`,
    [maxEntries],
  );
  return rows.map(chainedEntry);
}

/** The age of the oldest entry that is not in the chain, in seconds; 0 if all are. */
export async function unsealedSeconds(sql: Sql): Promise<number> {
  const [row] = await sql.query<{ seconds: number | null }>(
    `SELECT extract(epoch FROM now() - min(recorded_at))::float AS seconds
     FROM auth.audit_unsealed`,
  );
  return Math.max(0, Number(row?.seconds ?? 0));
}

/**
 * Appends links to the chain that ends at `previous`; does nothing and returns false if it ends
 * elsewhere. One statement: at READ COMMITTED it conflicts with nobody who records entries.
 */
export async function appendLinks(
  sql: Sql,
  previous: ChainHead,
  links: readonly ChainLink[],
): Promise<boolean> {
  const last = links.at(-1);
  if (last === undefined) return true;
  const removed = await sql.execute(
    `WITH moved AS (
       UPDATE auth.audit_head SET sequence = $1, hash = $2
       WHERE sequence = $3 AND hash = $4 RETURNING sequence
     ), linked AS (
       INSERT INTO auth.audit_chain (sequence, entry_id, hash)
       SELECT link.sequence, link.entry_id, link.hash
       FROM unnest($5::bigint[], $6::uuid[], $7::bytea[]) AS link (sequence, entry_id, hash)
       WHERE EXISTS (SELECT 1 FROM moved)
       RETURNING entry_id
     )
     DELETE FROM auth.audit_unsealed WHERE entry_id IN (SELECT entry_id FROM linked)`,
    [
      last.sequence,
      last.hash,
      previous.sequence,
      previous.hash,
      links.map(({ sequence }) => sequence),
      links.map(({ entryId }) => entryId),
      links.map(({ hash }) => hash),
    ],
  );
  return removed > 0;
}

function head({ sequence, hash }: HeadRow): ChainHead {
  return { sequence: Number(sequence), hash };
}
