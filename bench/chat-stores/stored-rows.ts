import pg from 'pg';
import type { SubjectName } from './subject-names.ts';

/** Where each subject's messages are: the database, if it has its own, and the table. */
const tables: Readonly<
  Record<SubjectName, { readonly database?: string; readonly table: string }>
> = {
  secureconnect: { table: 'chat.messages' },
  floor: { table: 'public.floor_messages' },
  ejabberd: { database: 'ejabberd', table: 'archive' },
  prosody: { database: 'prosody', table: 'prosodyarchive' },
};

/** The number of messages that a subject has stored so far. */
export async function storedRows(name: SubjectName, databaseUrl: string): Promise<number> {
  const { database, table } = tables[name];
  const url = new URL(databaseUrl);
  if (database !== undefined) url.pathname = `/${database}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    const { rows } = await client.query(`SELECT count(*)::integer AS count FROM ${table}`);
    return rows[0].count;
  } finally {
    await client.end();
  }
}
