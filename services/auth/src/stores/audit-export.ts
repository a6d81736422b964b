import type { Sql } from '@secureconnect/postgres';
import type { ChainedEntry, ChainHead, PersonalParts } from '../audit/audit-chain.ts';
import { type AuditEntryRow, auditEntryColumns, chainedEntry } from './audit-rows.ts';

/** A place of the chain with what is stored for it. */
export interface StoredLink extends ChainHead {
  readonly entryId: string;
  readonly entry: ChainedEntry | undefined;
  /** Undefined if erased. */
  readonly personal: (PersonalParts & { readonly salt: Buffer }) | undefined;
}

type Nullable<Row> = { [Field in keyof Row]: Row[Field] | null };

interface LinkRow {
  sequence: string;
  chained_id: string;
  hash: Buffer;
}

interface PersonalRow {
  salt: Buffer | null;
  address: string | null;
  agent: string | null;
  email: string | null;
}

/** The chain after the place `after`, up to `until`, in order. */
export async function storedLinks(
  sql: Sql,
  after: number,
  until: number,
  maxLinks: number,
): Promise<StoredLink[]> {
  const rows = await sql.query<LinkRow & PersonalRow & (AuditEntryRow | Nullable<AuditEntryRow>)>(
    `SELECT c.sequence, c.entry_id AS chained_id, c.hash, ${auditEntryColumns('e')},
       p.salt, p.address, p.agent, p.email
     FROM auth.audit_chain c
     LEFT JOIN auth.audit_entries e ON e.entry_id = c.entry_id
     LEFT JOIN auth.audit_personal p ON p.entry_id = c.entry_id
     WHERE c.sequence > $1 AND c.sequence <= $2 ORDER BY c.sequence LIMIT $3`,
    [after, until, maxLinks],
  );
  return rows.map((row) => ({
    sequence: Number(row.sequence),
    hash: row.hash,
    entryId: row.chained_id,
    entry: isEntry(row) ? chainedEntry(row) : undefined,
    personal: personalParts(row),
  }));
}

/** Entries that are neither in the chain nor in the queue of the sealer. */
export async function unchainedEntries(sql: Sql, maxEntries: number): Promise<string[]> {
  const rows = await sql.query<{ entry_id: string }>(
    `SELECT e.entry_id FROM auth.audit_entries e
     WHERE NOT EXISTS (SELECT 1 FROM auth.audit_chain c WHERE c.entry_id = e.entry_id)
       AND NOT EXISTS (SELECT 1 FROM auth.audit_unsealed u WHERE u.entry_id = e.entry_id)
     ORDER BY e.entry_id LIMIT $1`,
    [maxEntries],
  );
  return rows.map((row) => row.entry_id);
}

/** An entry is stored as a whole, or not at all. */
function isEntry(row: AuditEntryRow | Nullable<AuditEntryRow>): row is AuditEntryRow {
  return row.entry_id !== null;
}

function personalParts({ salt, address, agent, email }: PersonalRow): StoredLink['personal'] {
  return salt === null ? undefined : { salt, address, agent, email };
}
