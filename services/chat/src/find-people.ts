import type { ParticipantName } from '@secureconnect/contracts';
import type { Sql } from '@secureconnect/postgres';
import { invalidFields } from './errors.ts';
import type { Directory } from './ports/directory.ts';
import { existingUserIds } from './stores/directory.ts';

/** People as a client names them: by id in the field `idField`, or by e-mail address or name. */
export interface NamedPeople {
  readonly idField: 'participant_ids' | 'user_ids';
  readonly ids: readonly string[] | undefined;
  readonly names: readonly ParticipantName[] | undefined;
}

/**
 * The user ids of people, each once. Throws VALIDATION_ERROR naming those whom there are not. Only
 * names need the directory, and are looked up before anything is written.
 */
export async function findPeople(
  { idField, ids, names = [] }: NamedPeople,
  directory: Directory,
  sql: Sql,
): Promise<string[]> {
  const wanted = ids ?? (await directory.find(names));
  const existing = await existingUserIds(
    sql,
    wanted.filter((id) => id !== undefined),
  );
  const found = wanted.filter((id) => id !== undefined && existing.has(id));
  if (found.length < wanted.length) {
    const field = ids === undefined ? 'participants' : idField;
    const missing = wanted.flatMap((id, index) =>
      id !== undefined && existing.has(id) ? [] : [`body.${field}[${index}]`],
    );
    throw invalidFields(missing, 'expected a user that exists');
  }
  return [...new Set(found.filter((id) => id !== undefined))];
}
