import type { Sql } from '@secureconnect/postgres';
import { outboxTable } from './table.ts';

/** An effect that waits or was given up. Its payload is not shown: it may be personal. */
export interface UnfinishedEffect {
  readonly effectId: string;
  readonly kind: string;
  readonly state: 'pending' | 'dead';
  readonly tries: number;
  readonly lastError: string | null;
  readonly createdAt: Date;
  /** The next attempt. */
  readonly dueAt: Date;
  readonly finishedAt: Date | null;
}

interface UnfinishedRow {
  readonly effect_id: string;
  readonly kind: string;
  readonly state: 'pending' | 'dead';
  readonly tries: number;
  readonly last_error: string | null;
  readonly created_at: Date;
  readonly due_at: Date;
  readonly finished_at: Date | null;
}

/** How many effects of a schema are in each state. */
export async function countUnfinished(
  sql: Sql,
  schema: string,
): Promise<Readonly<Record<UnfinishedEffect['state'], number>>> {
  const rows = await sql.query<{ readonly state: 'pending' | 'dead'; readonly count: string }>(
    `SELECT state, count(*) AS count FROM ${outboxTable(schema)} WHERE state <> 'done' GROUP BY state`,
  );
  const countOf = (state: UnfinishedEffect['state']): number =>
    Number(rows.find((row) => row.state === state)?.count ?? 0);
  return { pending: countOf('pending'), dead: countOf('dead') };
}

/** Effects of a schema in a state: the longest due, or the latest given up. */
export async function listUnfinished(
  sql: Sql,
  schema: string,
  state: UnfinishedEffect['state'],
  maxEffects: number,
): Promise<UnfinishedEffect[]> {
  const order = state === 'pending' ? 'due_at' : 'finished_at DESC';
  const rows = await sql.query<UnfinishedRow>(
    `SELECT effect_id, kind, state, tries, last_error, created_at, due_at, finished_at
     FROM ${outboxTable(schema)} WHERE state = $1 ORDER BY ${order} LIMIT $2`,
    [state, maxEffects],
  );
  return rows.map((row) => ({
    effectId: row.effect_id,
    kind: row.kind,
    state: row.state,
    tries: Number(row.tries),
    lastError: row.last_error,
    createdAt: row.created_at,
    dueAt: row.due_at,
    finishedAt: row.finished_at,
  }));
}
