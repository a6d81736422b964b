import type { ConversationType, ParticipantRole } from '@secureconnect/contracts';
import type { Sql } from '@secureconnect/postgres';
import type { Position } from '../position.ts';

/** Sorts before every id: a new participant has read what was said until they joined. */
const nothingRead = '00000000-0000-0000-0000-000000000000';

/** Adds users with a role; those who are in already stay as they are. */
export async function addParticipants(
  sql: Sql,
  conversationId: string,
  userIds: readonly string[],
  role: ParticipantRole,
  at: Date,
): Promise<void> {
  await sql.execute(
    `INSERT INTO chat.participants
       (conversation_id, user_id, role, joined_at, read_until, read_message_id)
     SELECT $1::uuid, added.user_id, $3::text, $4::timestamptz, $4::timestamptz, $5::uuid
     FROM unnest($2::uuid[]) AS added (user_id)
     ON CONFLICT (conversation_id, user_id) DO NOTHING`,
    [conversationId, userIds, role, at, nothingRead],
  );
}

/** Returns whether the user was in. */
export async function removeParticipant(
  sql: Sql,
  conversationId: string,
  userId: string,
): Promise<boolean> {
  const removed = await sql.execute(
    'DELETE FROM chat.participants WHERE conversation_id = $1 AND user_id = $2',
    [conversationId, userId],
  );
  return removed === 1;
}

export async function countParticipants(sql: Sql, conversationId: string): Promise<number> {
  const rows = await sql.query<{ count: string }>(
    'SELECT count(*) AS count FROM chat.participants WHERE conversation_id = $1',
    [conversationId],
  );
  return Number(rows[0]?.count ?? 0);
}

/** Makes the admin who joined first the owner, or else the member who did. */
export async function promoteNextOwner(sql: Sql, conversationId: string): Promise<void> {
  await sql.execute(
    `UPDATE chat.participants SET role = 'owner'
     WHERE conversation_id = $1 AND user_id = (
       SELECT user_id FROM chat.participants WHERE conversation_id = $1
       ORDER BY CASE role WHEN 'admin' THEN 0 ELSE 1 END, joined_at, user_id LIMIT 1
     )`,
    [conversationId],
  );
}

export interface Membership {
  readonly type: ConversationType;
  readonly role: ParticipantRole;
}

/** What a user is in a conversation; undefined when nothing, or when there is none. */
export async function findMembership(
  sql: Sql,
  conversationId: string,
  userId: string,
): Promise<Membership | undefined> {
  const rows = await sql.query<Membership>(
    `SELECT type, role FROM chat.participants JOIN chat.conversations USING (conversation_id)
     WHERE conversation_id = $1 AND user_id = $2`,
    [conversationId, userId],
  );
  return rows[0];
}

/** A socket for everything joins this many conversations at most, the lively ones. */
const mostConversations = 10_000;

export async function conversationIdsOf(sql: Sql, userId: string): Promise<string[]> {
  const rows = await sql.query<{ conversation_id: string }>(
    `SELECT conversation_id
     FROM chat.participants JOIN chat.conversations USING (conversation_id)
     WHERE user_id = $1 ORDER BY active_at DESC LIMIT $2`,
    [userId, mostConversations],
  );
  return rows.map((row) => row.conversation_id);
}

/** A conversation in a user's inbox: when something was said in it, and what was read of it. */
export interface InboxRow extends Position {
  readonly readUntil: Position;
}

/** A user's conversations after a position, the one last spoken in first. */
export async function inboxOf(
  sql: Sql,
  userId: string,
  after: Position,
  limit: number,
): Promise<InboxRow[]> {
  const rows = await sql.query<{ at: Date; id: string; read_until: Date; read_id: string }>(
    `SELECT active_at AS at, conversation_id AS id, read_until, read_message_id AS read_id
     FROM chat.participants JOIN chat.conversations USING (conversation_id)
     WHERE user_id = $1 AND (active_at, conversation_id) < ($2, $3)
     ORDER BY active_at DESC, conversation_id DESC LIMIT $4`,
    [userId, after.at, after.id, limit],
  );
  return rows.map(({ at, id, read_until, read_id }) => ({
    at,
    id,
    readUntil: { at: read_until, id: read_id },
  }));
}

/** Moves a user's read mark forward, never back. */
export async function markRead(
  sql: Sql,
  conversationId: string,
  userId: string,
  until: Position,
): Promise<void> {
  await sql.execute(
    `UPDATE chat.participants SET read_until = $3, read_message_id = $4
     WHERE conversation_id = $1 AND user_id = $2 AND (read_until, read_message_id) < ($3, $4)`,
    [conversationId, userId, until.at, until.id],
  );
}
