import type { AdminUser, UserStatus } from '@secureconnect/contracts';
import type { Sql } from '@secureconnect/postgres';

interface AdminUserRow {
  user_id: string;
  email: string;
  username: string;
  display_name: string;
  avatar_url: string | null;
  status: UserStatus;
  role: string;
  created_at: Date;
  disabled_at: Date | null;
  email_verified: boolean;
  live_sessions: string;
}

/** Whether an account that is not disabled has a role now, whatever its tokens say. */
export async function hasRole(sql: Sql, userId: string, role: string): Promise<boolean> {
  const rows = await sql.query(
    `SELECT 1 FROM auth.users WHERE user_id = $1 AND role = $2 AND disabled_at IS NULL`,
    [userId, role],
  );
  return rows.length > 0;
}

/**
 * Accounts by user name, after a name.
 * @param search lower case: an id, or how an address or user name begins; undefined for all
 */
export async function listAccounts(
  sql: Sql,
  search: string | undefined,
  afterName: string,
  limit: number,
): Promise<AdminUser[]> {
  const rows = await sql.query<AdminUserRow>(
    `SELECT user_id, email, username, display_name, avatar_url, status, role, created_at,
       disabled_at, email_verified_at IS NOT NULL AS email_verified,
       (SELECT count(*) FROM auth.sessions s WHERE s.user_id = u.user_id
         AND s.ended_at IS NULL AND s.expires_at > now()) AS live_sessions
     FROM auth.users u
     WHERE username_key > $1
       AND ($2::text IS NULL OR user_id::text = $2 OR email LIKE $3 OR username_key LIKE $3)
     ORDER BY username_key LIMIT $4`,
    [afterName, search ?? null, `${(search ?? '').replace(/[\\%_]/g, '\\$&')}%`, limit],
  );
  return rows.map(adminUser);
}

/** Disables an account, unless it is; undefined if there is none, else whether that was a change. */
export function disableAccount(sql: Sql, userId: string): Promise<boolean | undefined> {
  return setDisabled(sql, userId, 'disabled_at = now()', 'disabled_at IS NULL');
}

/** Enables an account; as `disableAccount`. */
export function enableAccount(sql: Sql, userId: string): Promise<boolean | undefined> {
  return setDisabled(sql, userId, 'disabled_at = NULL', 'disabled_at IS NOT NULL');
}

async function setDisabled(
  sql: Sql,
  userId: string,
  change: string,
  condition: string,
): Promise<boolean | undefined> {
  const changed = await sql.execute(
    `UPDATE auth.users SET ${change}, updated_at = now() WHERE user_id = $1 AND ${condition}`,
    [userId],
  );
  if (changed === 1) return true;
  return (await isAccount(sql, userId)) ? false : undefined;
}

/** Whether an account is disabled; undefined if there is none. */
export async function isDisabled(sql: Sql, userId: string): Promise<boolean | undefined> {
  const [row] = await sql.query<{ disabled: boolean }>(
    'SELECT disabled_at IS NOT NULL AS disabled FROM auth.users WHERE user_id = $1',
    [userId],
  );
  return row?.disabled;
}

export async function isAccount(sql: Sql, userId: string): Promise<boolean> {
  return (await sql.query('SELECT 1 FROM auth.users WHERE user_id = $1', [userId])).length > 0;
}

/** Gives an account a role; false if it has it. */
export async function setRole(sql: Sql, userId: string, role: string): Promise<boolean> {
  const changed = await sql.execute(
    'UPDATE auth.users SET role = $2, updated_at = now() WHERE user_id = $1 AND role <> $2',
    [userId, role],
  );
  return changed === 1;
}

function adminUser(row: AdminUserRow): AdminUser {
  const { avatar_url, created_at, disabled_at, live_sessions, ...fields } = row;
  return {
    ...fields,
    ...(avatar_url === null ? {} : { avatar_url }),
    created_at: created_at.toISOString(),
    disabled_at: disabled_at?.toISOString() ?? null,
    live_sessions: Number(live_sessions),
  };
}
