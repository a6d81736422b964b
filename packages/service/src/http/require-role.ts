import type { Endpoint } from '@secureconnect/contracts';
import { ApiError } from './api-error.ts';
import type { Identity } from './identity.ts';

/** Whether a user has a role now, by the database and not by a claim of the token. */
export type RoleCheck = (user: Identity, role: string) => Promise<boolean>;

/** Refuses users without the role of an endpoint. Throws FORBIDDEN. */
export async function requireRole(
  endpoint: Endpoint | undefined,
  user: Identity | undefined,
  hasRole: RoleCheck | undefined,
): Promise<void> {
  const role = endpoint?.role;
  if (role === undefined) return;
  if (user === undefined || hasRole === undefined) {
    throw new Error(`${endpoint?.route} needs a role that cannot be checked`);
  }
  if (!(await hasRole(user, role))) throw roleMissing(role);
}

/** 403 for a user without a role. */
export function roleMissing(role: string): ApiError {
  return new ApiError('FORBIDDEN', `This needs the role "${role}"; ask the operator for it.`);
}
