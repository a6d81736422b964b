import type { Sql } from '@secureconnect/postgres';
import { outboxTable } from './table.ts';

/** An effect that was given up. Its payload is not shown: it may be personal. */
export interface DeadLetter {
  readonly effectId: string;
  readonly kind: string;
  readonly tries: number;
  readonly lastError: string;
  readonly createdAt: Date;
  readonly diedAt: Date;
}

interface DeadRow {
  readonly effect_id: string;
  readonly kind: string;
  readonly tries: number;
  readonly last_error: string | null;
  readonly created_at: Date;
  readonly finished_at: Date;
}

/** The dead letters of a schema, latest first. */
export async function listDeadLetters(
  sql: Sql,
  schema: string,
  maxLetters: number,
): Promise<DeadLetter[]> {
  const rows = await sql.query<DeadRow>(
    `SELECT effect_id, kind, tries, last_error, created_at, finished_at
     FROM ${outboxTable(schema)} WHERE state = 'dead' ORDER BY finished_at DESC LIMIT $1`,
    [maxLetters],
  );
  return rows.map((row) => ({
    effectId: row.effect_id,
    kind: row.kind,
    tries: Number(row.tries),
    lastError: row.last_error ?? 'unknown',
    createdAt: row.created_at,
    diedAt: row.finished_at,
  }));
}

/**
 * Makes dead letters due again, with all their attempts: one by its id, or all. Returns how many.
 * They keep their idempotency keys.
 */
export function retryDeadLetters(
  sql: Sql,
  schema: string,
  which: { readonly effectId: string } | 'all',
): Promise<number> {
  return sql.execute(
    `UPDATE ${outboxTable(schema)} SET state = 'pending', tries = 0, due_at = now(), finished_at = NULL
     WHERE state = 'dead' AND ($1::uuid IS NULL OR effect_id = $1)`,
    [which === 'all' ? null : which.effectId],
  );
}
