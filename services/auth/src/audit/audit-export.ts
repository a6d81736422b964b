import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AuditAction, AuditDetails, type ExportedAuditEntry } from '@secureconnect/contracts';
import type { Sql } from '@secureconnect/postgres';
import { findAuditHead } from '../stores/audit-chain.ts';
import { type StoredLink, storedLinks } from '../stores/audit-export.ts';

/** Entries that are in memory at once. */
const pageSize = 500;
/** A client that reads nothing for this long is gone. */
const idleMs = 60_000;

/**
 * Writes the sealed log after a place of its chain as NDJSON, up to its current end. Reads the next
 * page once the client has taken the one before. Resolves also if the client leaves.
 */
export async function sendAuditExport(
  sql: Sql,
  after: number,
  outgoing: ServerResponse,
  clientLeft: AbortSignal,
): Promise<void> {
  const pages = exportPages(sql, after);
  // Before the headers: a database that is down is 503, not an export that breaks off.
  const first = await pages.next();
  outgoing.writeHead(200, { 'Content-Type': 'application/x-ndjson', 'Cache-Control': 'no-store' });
  outgoing.setTimeout(idleMs, () => outgoing.destroy());
  try {
    await pipeline(Readable.from(withFirst(first, pages), { highWaterMark: 1 }), outgoing);
  } catch (error) {
    if (!clientLeft.aborted) throw error;
  }
}

async function* withFirst(
  first: IteratorResult<string>,
  rest: AsyncGenerator<string>,
): AsyncGenerator<string> {
  if (first.done === true) return;
  yield first.value;
  yield* rest;
}

async function* exportPages(sql: Sql, after: number): AsyncGenerator<string> {
  const { sequence: until } = await findAuditHead(sql);
  for (let last = after; last < until; ) {
    const links = await storedLinks(sql, last, until, pageSize);
    const end = links.at(-1);
    if (end === undefined) return;
    last = end.sequence;
    yield links.map(line).join('');
  }
}

function line(link: StoredLink): string {
  const { sequence, hash, entry, personal } = link;
  if (entry === undefined) throw new Error(`the audit entry at place ${sequence} is missing`);
  const exported: ExportedAuditEntry = {
    sequence,
    hash: hash.toString('hex'),
    entry_id: entry.entryId,
    recorded_at: entry.recordedAt.toISOString(),
    action: AuditAction.parse(entry.action),
    user_id: entry.userId,
    actor: entry.actorKind,
    actor_id: entry.actorId,
    session_id: entry.sessionId,
    mode: entry.mode,
    details: AuditDetails.parse(JSON.parse(entry.details)),
    personal_digest: entry.personalDigest.toString('hex'),
    personal:
      personal === undefined ? null : { ...personal, salt: personal.salt.toString('base64') },
  };
  return `${JSON.stringify(exported)}\n`;
}
