import type { Sql } from '@secureconnect/postgres';

/** A list of an export, such as a person's sessions. */
export interface ExportList {
  readonly name: string;
  /** All entries, which become JSON. They are read as they are written: memory holds a page. */
  entries(): AsyncIterable<object>;
}

/** A list that is read from SQL. */
export interface SqlList {
  readonly name: string;
  /** A select list: each column is a field of the entries. */
  readonly columns: string;
  /** Tables and a condition, with the user's id as $1: `auth.sessions WHERE user_id = $1`. */
  readonly from: string;
  /** The order: columns that are together unique and never null, with their types. */
  readonly key: Readonly<Record<string, 'timestamptz' | 'uuid' | 'bigint'>>;
}

const pageSize = 500;

/** Reads a list of a user in pages; each begins after the last key of the one before. */
export function sqlList(sql: Sql, userId: string, list: SqlList): ExportList {
  const { name, columns, from, key } = list;
  const keys = Object.entries(key);
  const order = keys.map(([column]) => column).join(', ');
  // As text, because a Date has no microseconds.
  const marks = keys.map(([column]) => `${column}::text`).join(', ');
  const afterMark = keys.map(([, type], index) => `$${index + 3}::${type}`).join(', ');
  const page = (condition: string): string =>
    `SELECT ${columns}, ARRAY[${marks}] AS page_mark FROM ${from} ${condition}
     ORDER BY ${order} LIMIT $2`;
  const [first, next] = [page(''), page(`AND (${order}) > (${afterMark})`)];
  return {
    name,
    async *entries() {
      let rows = await sql.query<MarkedRow>(first, [userId, pageSize]);
      for (;;) {
        for (const { page_mark: _mark, ...entry } of rows) yield entry;
        const last = rows.at(-1);
        if (last === undefined || rows.length < pageSize) return;
        rows = await sql.query<MarkedRow>(next, [userId, pageSize, ...last.page_mark]);
      }
    },
  };
}

interface MarkedRow {
  readonly page_mark: readonly string[];
}
