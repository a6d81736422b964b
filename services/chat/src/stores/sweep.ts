import type { Sql } from '@secureconnect/postgres';

/** Rows with an expiry. */
export interface Swept {
  readonly table: string;
  /** Its primary key; there is an index that begins with the column `at`. */
  readonly key: string;
  readonly keptSince: Date;
}

/** The number of rows removed by one statement; a long statement would block others. */
const batchSize = 1000;

/** Removes expired rows; returns their number. Concurrent sweeps are harmless. */
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
