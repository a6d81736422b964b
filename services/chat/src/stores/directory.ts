import type { ParticipantName } from '@secureconnect/contracts';
import type { Sql } from '@secureconnect/postgres';

/** Filters user ids for existing users. Reads auth's view. */
export async function existingUserIds(
  sql: Sql,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await sql.query<{ user_id: string }>(
    'SELECT user_id FROM auth.directory WHERE user_id = ANY($1::uuid[])',
    [ids],
  );
  return new Set(rows.map((row) => row.user_id));
}

/** Finds the user with an e-mail address or a user name. The view has addresses in lower case. */
export async function findUserId(sql: Sql, name: ParticipantName): Promise<string | undefined> {
  const { email, username } = name;
  const rows =
    email === undefined
      ? await sql.query<{ user_id: string }>(
          'SELECT user_id FROM auth.directory WHERE username_key = $1',
          [username?.toLowerCase() ?? ''],
        )
      : await sql.query<{ user_id: string }>(
          'SELECT user_id FROM auth.directory WHERE email = $1',
          [email],
        );
  return rows[0]?.user_id;
}
