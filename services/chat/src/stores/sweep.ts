import type { Sql } from '@secureconnect/postgres';

/** Rows that are kept until a time. */
export interface Swept {
  readonly table: string;
  /** Its primary key; there is an index that begins with the column `at`. */
  readonly key: string;
  readonly keptSince: Date;
}

/** So many rows are removed by one statement: one that ran long would be in everybody's way. */
const batchSize = 1000;

/** Removes rows that are kept no longer; returns how many. Two that sweep at once do no harm. */
export async function sweep(sql: Sql, { table, key, keptSince }: Swept): Promise<number> {
  let swept = 0;
  for (;;) {
    const removed = await sql.execute(
      `DELETE FROM ${table} WHERE (${key}) IN (
         SELECT ${key} FROM ${table} WHERE at < $1 ORDER BY at LIMIT $2)`,
      [keptSince, batchSize],
    );
    swept += removed;
    if (removed === 0) return swept;
  }
}
