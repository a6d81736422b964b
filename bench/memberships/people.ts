import { randomUUID } from 'node:crypto';
import type { Database } from '../../packages/postgres/src/index.ts';

/** Somebody who takes part in so many groups, each with the same owner. */
export interface Busy {
  readonly userId: string;
  readonly ownerId: string;
}

/** Makes two users, and so many groups of the two, as chat's own routes would have left them. */
export async function makeBusy(database: Database, groups: number): Promise<Busy> {
  const [userId, ownerId] = [randomUUID(), randomUUID()];
  await database.execute(
    `INSERT INTO auth.users (user_id, email, username, username_key, display_name, password_hash)
     SELECT id, name || '@example.com', name, name, name, ''
     FROM unnest($1::uuid[]) id, LATERAL (SELECT 'u' || left(replace(id::text, '-', ''), 20)) n(name)`,
    [[userId, ownerId]],
  );
  const ids = Array.from({ length: groups }, () => randomUUID());
  await database.execute(
    `INSERT INTO chat.conversations
       (conversation_id, type, created_by, created_at, updated_at, active_at)
     SELECT id, 'group', $2, now(), now(), now() FROM unnest($1::uuid[]) id`,
    [ids, ownerId],
  );
  await database.execute(
    `INSERT INTO chat.participants
       (conversation_id, user_id, role, joined_at, read_until, read_message_id)
     SELECT id, person.user_id, person.role, now(), now(), '00000000-0000-0000-0000-000000000000'
     FROM unnest($1::uuid[]) id,
       (VALUES ($2::uuid, 'owner'), ($3::uuid, 'member')) AS person (user_id, role)`,
    [ids, ownerId, userId],
  );
  return { userId, ownerId };
}
