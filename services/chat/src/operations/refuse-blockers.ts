import type { Sql } from '@secureconnect/postgres';
import { ApiError } from '@secureconnect/service';
import { blockersOf } from '../stores/blocks.ts';
import type { FoundPeople } from './find-people.ts';

/** Throws FORBIDDEN naming people who have blocked `actorId`, who wants to add them to a group. */
export async function refuseBlockers(
  sql: Sql,
  actorId: string,
  people: FoundPeople,
): Promise<void> {
  const blockers = await blockersOf(sql, actorId, [...people.keys()]);
  const fields = [...people].flatMap(([userId, field]) => (blockers.has(userId) ? [field] : []));
  if (fields.length === 0) return;
  const message = 'expected a user whom you can add';
  throw new ApiError('FORBIDDEN', `${fields[0] ?? 'body'} ${message}`, {
    details: fields.map((field) => ({ field, message })),
  });
}
