import type { Conversation, ConversationType, ParticipantRole } from '@secureconnect/contracts';
import type { Sql } from '@secureconnect/postgres';
import type { Position } from '@secureconnect/service';

interface ConversationRow {
  conversation_id: string;
  type: ConversationType;
  title: string | null;
  created_by: string;
  settings: Record<string, unknown>;
  created_at: Date;
  updated_at: Date;
}

interface ParticipantRow {
  conversation_id: string;
  user_id: string;
  role: ParticipantRole;
  joined_at: Date;
}

export interface NewConversationRow {
  readonly conversationId: string;
  readonly type: ConversationType;
  readonly title: string | undefined;
  readonly createdBy: string;
  /** See `directKey`. */
  readonly directKey: string | undefined;
  readonly createdAt: Date;
}

/** The key of a direct conversation, the same for both users. */
export function directKey(one: string, other: string): string {
  return [one, other].toSorted().join(':');
}

/** Creates a conversation. Returns false if the two users already have a direct one. */
export async function insertConversation(sql: Sql, row: NewConversationRow): Promise<boolean> {
  const made = await sql.execute(
    `INSERT INTO chat.conversations
       (conversation_id, type, title, created_by, direct_key, created_at, updated_at, active_at)
     VALUES ($1, $2, $3, $4, $5, $6, $6, $6) ON CONFLICT (direct_key) DO NOTHING`,
    [
      row.conversationId,
      row.type,
      row.title ?? null,
      row.createdBy,
      row.directKey ?? null,
      row.createdAt,
    ],
  );
  return made === 1;
}

export async function findDirectId(sql: Sql, key: string): Promise<string | undefined> {
  const rows = await sql.query<{ conversation_id: string }>(
    'SELECT conversation_id FROM chat.conversations WHERE direct_key = $1',
    [key],
  );
  return rows[0]?.conversation_id;
}

/** The conversations with these ids, in the order of the ids. */
export async function findConversations(sql: Sql, ids: readonly string[]): Promise<Conversation[]> {
  const rows = await sql.query<ConversationRow>(
    `SELECT conversation_id, type, title, created_by, settings, created_at, updated_at
     FROM chat.conversations WHERE conversation_id = ANY($1::uuid[])`,
    [ids],
  );
  const people = await sql.query<ParticipantRow>(
    `SELECT conversation_id, user_id, role, joined_at FROM chat.participants
     WHERE conversation_id = ANY($1::uuid[]) ORDER BY joined_at, user_id`,
    [ids],
  );
  const participants = Map.groupBy(people, (person) => person.conversation_id);
  const found = new Map(
    rows.map((row) => [
      row.conversation_id,
      toConversation(row, participants.get(row.conversation_id) ?? []),
    ]),
  );
  return ids.flatMap((id) => found.get(id) ?? []);
}

/** Ids of a user's conversations after a position, newest first. */
export async function conversationsOf(
  sql: Sql,
  userId: string,
  after: Position,
  limit: number,
): Promise<Position[]> {
  return sql.query<{ at: Date; id: string }>(
    `SELECT created_at AS at, conversation_id AS id
     FROM chat.participants JOIN chat.conversations USING (conversation_id)
     WHERE user_id = $1 AND (created_at, conversation_id) < ($2, $3)
     ORDER BY created_at DESC, conversation_id DESC LIMIT $4`,
    [userId, after.at, after.id, limit],
  );
}

/** Notes a change of the conversation itself or of its participants. */
export async function touchConversation(sql: Sql, id: string, at: Date): Promise<void> {
  await sql.execute('UPDATE chat.conversations SET updated_at = $2 WHERE conversation_id = $1', [
    id,
    at,
  ]);
}

/**
 * Notes a change before it is stored, so that a query for changed conversations never misses a
 * visible change.
 * @param said whether it is a new message, which moves the conversation up in inboxes
 */
export async function noteChange(
  sql: Sql,
  id: string,
  at: Date,
  { said }: { readonly said: boolean },
): Promise<void> {
  await sql.execute(
    `UPDATE chat.conversations SET changed_at = greatest(changed_at, $2),
       active_at = CASE WHEN $3 THEN greatest(active_at, $2) ELSE active_at END
     WHERE conversation_id = $1 AND (changed_at < $2 OR ($3 AND active_at < $2))`,
    [id, at, said],
  );
}

export async function setTitle(sql: Sql, id: string, title: string): Promise<void> {
  await sql.execute('UPDATE chat.conversations SET title = $2 WHERE conversation_id = $1', [
    id,
    title,
  ]);
}

export async function setSettings(
  sql: Sql,
  id: string,
  settings: Readonly<Record<string, unknown>>,
): Promise<void> {
  await sql.execute(
    'UPDATE chat.conversations SET settings = $2::jsonb WHERE conversation_id = $1',
    [id, JSON.stringify(settings)],
  );
}

/** Deletes a conversation without references to it. */
export async function deleteConversationRow(sql: Sql, id: string): Promise<void> {
  await sql.execute('DELETE FROM chat.conversations WHERE conversation_id = $1', [id]);
}

function toConversation(row: ConversationRow, people: readonly ParticipantRow[]): Conversation {
  return {
    conversation_id: row.conversation_id,
    type: row.type,
    ...(row.title === null ? {} : { title: row.title }),
    created_by: row.created_by,
    participants: people.map(({ user_id, role, joined_at }) => ({
      user_id,
      role,
      joined_at: joined_at.toISOString(),
    })),
    settings: row.settings,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}
