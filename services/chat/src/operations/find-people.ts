import type { ParticipantName } from '@secureconnect/contracts';
import { ApiError } from '@secureconnect/service';
import type { RouteContext } from '../context.ts';
import { invalidFields } from '../errors.ts';
import type { Directory } from '../ports/directory.ts';
import { existingUserIds } from '../stores/directory.ts';

/** People as a client names them: by id in the field `idField`, or by e-mail address or name. */
export interface NamedPeople {
  readonly idField: 'participant_ids' | 'user_ids';
  readonly ids: readonly string[] | undefined;
  readonly names: readonly ParticipantName[] | undefined;
}

/** The people found: each user id once, with the field of the body that names the user. */
export type FoundPeople = ReadonlyMap<string, string>;

/**
 * Finds people. Throws VALIDATION_ERROR naming those who do not exist, and FORBIDDEN for addresses
 * where nobody is found by them. Only names need the directory; they are looked up before any write.
 */
export async function findPeople(
  { idField, ids, names = [] }: NamedPeople,
  directory: Directory,
  { database, findUsersByEmail }: Pick<RouteContext, 'database' | 'findUsersByEmail'>,
): Promise<FoundPeople> {
  if (!findUsersByEmail && names.some(({ email }) => email !== undefined)) throw noSearchByEmail();
  const wanted = ids ?? (await directory.find(names));
  const existing = await existingUserIds(
    database,
    wanted.filter((id) => id !== undefined),
  );
  const list = ids === undefined ? 'participants' : idField;
  const found = new Map<string, string>();
  const missing: string[] = [];
  for (const [index, id] of wanted.entries()) {
    const field = `body.${list}[${index}]`;
    if (id === undefined || !existing.has(id)) missing.push(field);
    else if (!found.has(id)) found.set(id, field);
  }
  if (missing.length > 0) throw invalidFields(missing, 'expected an existing user');
  return found;
}

function noSearchByEmail(): ApiError {
  return new ApiError(
    'FORBIDDEN',
    'This server does not find users by e-mail address; use user names or ids.',
  );
}
