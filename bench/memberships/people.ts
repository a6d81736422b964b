import { randomUUID } from 'node:crypto';
import type { Database } from '@secureconnect/postgres';

/** People who take part in the same groups; the first of them owns these. */
export interface People {
  readonly userIds: readonly string[];
  readonly groupIds: readonly string[];
}

/** Makes users, and groups of all of them, as routes of chat would have left them. */
export async function makePeople(
  database: Database,
  { people, groups }: { readonly people: number; readonly groups: number },
): Promise<People> {
  const userIds = Array.from({ length: people }, () => randomUUID());
  const groupIds = Array.from({ length: groups }, () => randomUUID());
  const [ownerId = ''] = userIds;
  await database.execute(
    `INSERT INTO auth.users (user_id, email, username, username_key, display_name, password_hash)
     SELECT id, name || '@example.com', name, name, name, ''
     FROM unnest($1::uuid[]) id, LATERAL (SELECT 'u' || left(replace(id::text, '-', ''), 20)) n(name)`,
    [userIds],
  );
  await database.execute(
    `INSERT INTO chat.conversations
       (conversation_id, type, created_by, created_at, updated_at, active_at)
     SELECT id, 'group', $2, now(), now(), now() FROM unnest($1::uuid[]) id`,
    [groupIds, ownerId],
  );
  await database.execute(
    `INSERT INTO chat.participants
       (conversation_id, user_id, role, joined_at, read_until, read_message_id)
     SELECT id, person, CASE WHEN person = $3 THEN 'owner' ELSE 'member' END, now(), now(),
       '00000000-0000-0000-0000-000000000000'
     FROM unnest($1::uuid[]) id, unnest($2::uuid[]) person`,
    [groupIds, userIds, ownerId],
  );
  return { userIds, groupIds };
}
