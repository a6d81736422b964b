import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sql } from '@secureconnect/postgres';
import type { Stack } from './stack.ts';

/** Every table of the services. */
export async function tables(sql: Sql): Promise<string[]> {
  const rows = await sql.query<{ name: string }>(
    `SELECT table_schema || '.' || table_name AS name FROM information_schema.tables
     WHERE table_type = 'BASE TABLE' AND table_schema IN ('auth', 'chat', 'gateway', 'storage', 'video')
       AND table_name <> 'migrations' ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

/** The tables that contain one of these texts in any column. */
export async function tablesWith(sql: Sql, texts: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const table of await tables(sql)) {
    const rows = await sql.query(
      `SELECT 1 FROM ${table} AS entry WHERE to_jsonb(entry)::text ILIKE ANY($1::text[]) LIMIT 1`,
      [texts.map((text) => `%${text}%`)],
    );
    if (rows.length > 0) found.push(table);
  }
  return found;
}

/** The objects of a stack's storage that contain one of these texts. */
export async function objectsWith(
  { directory }: Pick<Stack, 'directory'>,
  texts: readonly string[],
): Promise<string[]> {
  const names = await readdir(join(directory, 'objects'), {
    recursive: true,
    withFileTypes: true,
  });
  const found: string[] = [];
  for (const entry of names.filter((one) => one.isFile())) {
    const bytes = await readFile(join(entry.parentPath, entry.name), 'utf8');
    if (texts.some((text) => bytes.includes(text))) found.push(entry.name);
  }
  return found;
}
