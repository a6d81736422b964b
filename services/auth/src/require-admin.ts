import type { Sql } from '@secureconnect/postgres';
import { type Identity, roleMissing } from '@secureconnect/service';
import { requireStepUp } from './require-step-up.ts';
import { hasRole } from './stores/admin-users.ts';

/**
 * Repeated in the transaction of each change: the role may have been taken away meanwhile. A stolen
 * access token alone does not suffice either.
 */
export async function requireAdmin(sql: Sql, user: Identity): Promise<void> {
  await requireAdminRole(sql, user);
  await requireStepUp(sql, user.sessionId);
}

/** The same, for a change that must be possible without a recent sign-in. */
export async function requireAdminRole(sql: Sql, { userId }: Identity): Promise<void> {
  if (!(await hasRole(sql, userId, 'admin'))) throw roleMissing('admin');
}

/** The actor of an audit entry. */
export function adminActor({ userId, sessionId }: Identity) {
  return { actor: 'admin', actorId: userId, sessionId } as const;
}
