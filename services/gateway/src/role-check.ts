import type { Sql } from '@secureconnect/postgres';
import type { RoleCheck } from '@secureconnect/service';

/** Whether a user has a role now, as auth shows it. */
export function roleCheck(sql: Sql): RoleCheck {
  return async ({ userId }, role) => {
    const rows = await sql.query(
      'SELECT 1 FROM auth.current_roles WHERE user_id = $1 AND role = $2',
      [userId, role],
    );
    return rows.length > 0;
  };
}
