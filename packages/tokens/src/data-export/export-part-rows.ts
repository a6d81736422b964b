import { randomUUID } from 'node:crypto';
import type { Sql } from '@secureconnect/postgres';
import type { WrittenText } from './export-text.ts';

/** The parts of an export: `account` is auth's own. */
export const exportParts = ['account', 'chat', 'video', 'storage'] as const;
export type ExportPart = (typeof exportParts)[number];

/** A part that this process writes, as long as it holds the lease. */
export interface PartAttempt {
  readonly exportId: string;
  readonly userId: string;
  readonly part: ExportPart;
  readonly attemptId: string;
}

/** A lease that is not renewed for this long has ended. */
const leaseSeconds = 60;
const leaseEnd = `now() + interval '${leaseSeconds} seconds'`;

/** Takes a part that nobody has written or is writing, the oldest export first. */
export async function claimPart(sql: Sql, part: ExportPart): Promise<PartAttempt | undefined> {
  const isFree = 'known.written_at IS NULL AND known.leased_until < now()';
  const [row] = await sql.query<{ export_id: string; user_id: string }>(
    `SELECT export_id, user_id FROM auth.exports_to_write AS due
     WHERE NOT EXISTS (SELECT 1 FROM auth.export_parts AS known
       WHERE known.export_id = due.export_id AND known.part = $1 AND NOT (${isFree}))
     ORDER BY requested_at LIMIT 1`,
    [part],
  );
  if (row === undefined) return undefined;
  const attemptId = randomUUID();
  const claimed = await sql.execute(
    `INSERT INTO auth.export_parts AS known (export_id, part, attempt_id, leased_until)
     SELECT export_id, $2, $3::uuid, ${leaseEnd} FROM auth.exports_to_write WHERE export_id = $1
     ON CONFLICT (export_id, part) DO UPDATE
       SET attempt_id = excluded.attempt_id, leased_until = excluded.leased_until
       WHERE ${isFree}`,
    [row.export_id, part, attemptId],
  );
  if (claimed === 0) return undefined;
  return { exportId: row.export_id, userId: row.user_id, part, attemptId };
}

const held = 'export_id = $1 AND part = $2 AND attempt_id = $3 AND written_at IS NULL';

/** Renews the lease. False if it was lost. */
export async function renewLease(sql: Sql, attempt: PartAttempt): Promise<boolean> {
  const { exportId, part, attemptId } = attempt;
  const renewed = await sql.execute(
    `UPDATE auth.export_parts SET leased_until = ${leaseEnd} WHERE ${held}`,
    [exportId, part, attemptId],
  );
  return renewed === 1;
}

/** Gives a lease back, so that another process need not wait for its end. */
export async function releaseLease(sql: Sql, attempt: PartAttempt): Promise<void> {
  const { exportId, part, attemptId } = attempt;
  await sql.execute(`UPDATE auth.export_parts SET leased_until = now() WHERE ${held}`, [
    exportId,
    part,
    attemptId,
  ]);
}

/** Stores a compressed chunk and renews the lease. False if the lease was lost. */
export async function insertChunk(
  sql: Sql,
  { exportId, part, attemptId }: PartAttempt,
  position: number,
  content: Buffer,
): Promise<boolean> {
  const stored = await sql.query(
    `WITH renewed AS (
       UPDATE auth.export_parts SET leased_until = ${leaseEnd} WHERE ${held}
       RETURNING export_id, part, attempt_id)
     INSERT INTO auth.export_chunks (export_id, part, attempt_id, position, content)
     SELECT export_id, part, attempt_id, $4::integer, $5::bytea FROM renewed
     RETURNING position`,
    [exportId, part, attemptId, position, content],
  );
  return stored.length === 1;
}

/** Notes that a part is complete. False if the lease was lost. */
export async function finishPart(
  sql: Sql,
  { exportId, part, attemptId }: PartAttempt,
  { sha256, sizeBytes, entries }: WrittenText,
): Promise<boolean> {
  const finished = await sql.execute(
    `UPDATE auth.export_parts
     SET written_at = now(), sha256 = $4, size_bytes = $5, entries = $6 WHERE ${held}`,
    [exportId, part, attemptId, sha256, sizeBytes, JSON.stringify(entries)],
  );
  return finished === 1;
}
