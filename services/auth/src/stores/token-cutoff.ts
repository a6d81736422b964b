import type { Sql } from '@secureconnect/postgres';

/** The current time by the database's clock. */
export async function databaseTime(sql: Sql): Promise<Date> {
  const [row] = await sql.query<{ now: Date }>('SELECT now() AS now');
  if (row === undefined) throw new Error('the database returned no time');
  return row.now;
}

/** Moves the cutoff to now and returns it: older access tokens are refused. It never moves back. */
export async function moveTokenCutoff(sql: Sql): Promise<Date> {
  const [row] = await sql.query<{ not_before: Date }>(
    `INSERT INTO auth.token_cutoff AS known (not_before) VALUES (now())
     ON CONFLICT (only_row) DO UPDATE
     SET not_before = greatest(known.not_before, excluded.not_before)
     RETURNING not_before`,
  );
  if (row === undefined) throw new Error('the cutoff was not stored');
  return row.not_before;
}

/** Finds a user by id or by e-mail address. */
export async function findUserToEnd(sql: Sql, idOrEmail: string): Promise<string | undefined> {
  const column = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(idOrEmail)
    ? 'user_id'
    : 'email';
  const [row] = await sql.query<{ user_id: string }>(
    `SELECT user_id FROM auth.users WHERE ${column} = $1`,
    [idOrEmail.toLowerCase()],
  );
  return row?.user_id;
}
