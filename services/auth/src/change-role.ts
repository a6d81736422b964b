import type { Role } from '@secureconnect/contracts';
import type { Database } from '@secureconnect/postgres';
import { recordAudit, unknownOrigin } from './audit/record-audit.ts';
import { setRole } from './stores/admin-users.ts';

/** Gives an account a role, for the operator; false if the account has it. */
export function changeRole(database: Database, userId: string, role: Role): Promise<boolean> {
  return database.transaction(async (sql) => {
    const isChange = await setRole(sql, userId, role);
    if (isChange) {
      const by = { actor: 'operator', userId, origin: unknownOrigin, details: { role } } as const;
      await recordAudit(sql, { action: 'role_changed', ...by });
    }
    return isChange;
  });
}
