import type { ConversationType, ParticipantRole } from '@secureconnect/contracts';
import type { Sql } from '@secureconnect/postgres';
import type { Position } from '@secureconnect/service';
import { eitherBlocked } from './blocks.ts';
import { changeParticipants, type MembershipChange } from './membership-changes.ts';

/** Sorts before every id: a new participant has read everything before they joined. */
export const nothingRead = '00000000-0000-0000-0000-000000000000';

/** A user who is added to a conversation. */
export interface NewParticipant {
  readonly userId: string;
  readonly role: ParticipantRole;
}

/** Adds people; existing participants stay unchanged. Returns the new participants. */
export async function addParticipants(
  sql: Sql,
  conversationId: string,
  people: readonly NewParticipant[],
  at: Date,
): Promise<MembershipChange | undefined> {
  const text = `INSERT INTO chat.participants
      (conversation_id, user_id, role, joined_at, read_until, read_message_id)
    SELECT $3::uuid, added.user_id, added.role, $2::timestamptz, $2::timestamptz, $4::uuid
    FROM unnest($5::uuid[], $6::text[]) AS added (user_id, role)
    ON CONFLICT (conversation_id, user_id) DO NOTHING RETURNING user_id`;
  const [userIds, roles] = [people.map(({ userId }) => userId), people.map(({ role }) => role)];
  const values = [nothingRead, userIds, roles];
  return changeParticipants(sql, { conversationId, at, text, values });
}

/** Removes a participant. Returns the removed participant. */
export async function removeParticipant(
  sql: Sql,
  conversationId: string,
  userId: string,
  at: Date,
): Promise<MembershipChange | undefined> {
  const text = `DELETE FROM chat.participants
    WHERE conversation_id = $3::uuid AND user_id = $4::uuid RETURNING user_id`;
  return changeParticipants(sql, { conversationId, at, text, values: [userId] });
}

/** Removes all participants. Returns them. */
export async function removeEverybody(
  sql: Sql,
  conversationId: string,
  at: Date,
): Promise<MembershipChange | undefined> {
  const text = 'DELETE FROM chat.participants WHERE conversation_id = $3::uuid RETURNING user_id';
  return changeParticipants(sql, { conversationId, at, text, values: [] });
}

/** A user, and a conversation that they may take part in. */
export interface Participation {
  readonly conversationId: string;
  readonly userId: string;
}

/** Filters participations for those that exist now. */
export async function actualParticipations(
  sql: Sql,
  asked: readonly Participation[],
): Promise<Participation[]> {
  const rows = await sql.query<{ conversation_id: string; user_id: string }>(
    `SELECT conversation_id, user_id FROM chat.participants
     JOIN unnest($1::uuid[], $2::uuid[]) AS asked (conversation_id, user_id)
       USING (conversation_id, user_id)`,
    [asked.map(({ conversationId }) => conversationId), asked.map(({ userId }) => userId)],
  );
  return rows.map((row) => ({ conversationId: row.conversation_id, userId: row.user_id }));
}

export async function countParticipants(sql: Sql, conversationId: string): Promise<number> {
  const rows = await sql.query<{ count: string }>(
    'SELECT count(*) AS count FROM chat.participants WHERE conversation_id = $1',
    [conversationId],
  );
  return Number(rows[0]?.count ?? 0);
}

export async function setRole(
  sql: Sql,
  conversationId: string,
  userId: string,
  role: ParticipantRole,
): Promise<void> {
  await sql.execute(
    'UPDATE chat.participants SET role = $3 WHERE conversation_id = $1 AND user_id = $2',
    [conversationId, userId, role],
  );
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

/** A user's membership of a conversation. */
export interface Membership {
  readonly type: ConversationType;
  readonly role: ParticipantRole;
  /** The newest message that they have read. */
  readonly readUntil: Position;
  /** Whether this is a direct conversation and one of the two has blocked the other. */
  readonly isBlocked: boolean;
}

interface MembershipRow {
  conversation_id: string;
  type: ConversationType;
  role: ParticipantRole;
  read_until: Date;
  read_message_id: string;
  is_blocked: boolean;
}

/** A user's memberships of these conversations. */
export async function findMemberships(
  sql: Sql,
  conversationIds: readonly string[],
  userId: string,
): Promise<ReadonlyMap<string, Membership>> {
  const rows = await sql.query<MembershipRow>(
    `SELECT conversation_id, type, own.role, own.read_until, own.read_message_id,
       type = 'direct' AND EXISTS (
         SELECT 1 FROM chat.participants AS other
         WHERE other.conversation_id = own.conversation_id AND other.user_id <> own.user_id
           AND ${eitherBlocked('own.user_id', 'other.user_id')}
       ) AS is_blocked
     FROM chat.participants AS own JOIN chat.conversations USING (conversation_id)
     WHERE conversation_id = ANY($1::uuid[]) AND own.user_id = $2`,
    [conversationIds, userId],
  );
  return new Map(
    rows.map(({ conversation_id, type, role, read_until, read_message_id, is_blocked }) => [
      conversation_id,
      { type, role, readUntil: { at: read_until, id: read_message_id }, isBlocked: is_blocked },
    ]),
  );
}

/** A user's membership of a conversation; undefined if there is none. */
export async function findMembership(
  sql: Sql,
  conversationId: string,
  userId: string,
): Promise<Membership | undefined> {
  return (await findMemberships(sql, [conversationId], userId)).get(conversationId);
}

/** A user's conversations, the most recently active first. */
export async function conversationIdsOf(
  sql: Sql,
  userId: string,
  limit: number,
): Promise<string[]> {
  const rows = await sql.query<{ conversation_id: string }>(
    `SELECT conversation_id
     FROM chat.participants JOIN chat.conversations USING (conversation_id)
     WHERE user_id = $1 ORDER BY active_at DESC LIMIT $2`,
    [userId, limit],
  );
  return rows.map((row) => row.conversation_id);
}
