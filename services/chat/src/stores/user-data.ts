import type { Sql } from '@secureconnect/postgres';

/** Stands for a user who is no longer known. */
const nobody = '00000000-0000-0000-0000-000000000000';

/** Records that a user's messages may be in a conversation that they have left. */
export async function notePastParticipant(
  sql: Sql,
  conversationId: string,
  userIds: readonly string[],
): Promise<void> {
  await sql.execute(
    `INSERT INTO chat.past_participants (conversation_id, user_id)
     SELECT $1::uuid, user_id FROM unnest($2::uuid[]) AS past (user_id)
     ON CONFLICT (user_id, conversation_id) DO NOTHING`,
    [conversationId, [...userIds]],
  );
}

/** Conversations that a user takes part in, or has left. */
export async function conversationsWith(
  sql: Sql,
  userId: string,
  limit: number,
): Promise<{ readonly current: string[]; readonly past: string[] }> {
  const ids = async (table: 'participants' | 'past_participants'): Promise<string[]> => {
    const rows = await sql.query<{ conversation_id: string }>(
      `SELECT conversation_id FROM chat.${table} WHERE user_id = $1 LIMIT $2`,
      [userId, limit],
    );
    return rows.map((row) => row.conversation_id);
  };
  return { current: await ids('participants'), past: await ids('past_participants') };
}

/** Erases pins of erased messages, and who pinned, forwarded and created, in one conversation. */
export async function eraseTraces(
  sql: Sql,
  conversationId: string,
  userId: string,
  messageIds: readonly string[],
): Promise<void> {
  const statements: readonly (readonly [string, string | readonly string[]])[] = [
    [
      'DELETE FROM chat.pins WHERE conversation_id = $1 AND message_id = ANY($2::uuid[])',
      messageIds,
    ],
    [
      `UPDATE chat.pins SET pinned_by = '${nobody}' WHERE conversation_id = $1 AND pinned_by = $2`,
      userId,
    ],
    ['DELETE FROM chat.file_forwards WHERE conversation_id = $1 AND forwarded_by = $2', userId],
    [
      `UPDATE chat.conversations SET created_by = '${nobody}'
       WHERE conversation_id = $1 AND created_by = $2`,
      userId,
    ],
    [
      `UPDATE chat.conversations SET direct_key = NULL
       WHERE conversation_id = $1 AND direct_key LIKE '%' || $2::text || '%'`,
      userId,
    ],
  ];
  for (const [statement, value] of statements)
    await sql.execute(statement, [conversationId, value]);
}

/** Done with a conversation: nothing of the user is in it any more. */
export async function forgetPastParticipant(
  sql: Sql,
  conversationId: string,
  userId: string,
): Promise<void> {
  await sql.execute(
    'DELETE FROM chat.past_participants WHERE conversation_id = $1 AND user_id = $2',
    [conversationId, userId],
  );
}

/** Removes a user from the log of membership changes, which is kept for a day. */
export async function eraseMembershipChanges(sql: Sql, userId: string): Promise<void> {
  await sql.execute(
    `UPDATE chat.membership_changes SET user_ids = array_remove(user_ids, $1::uuid)
     WHERE $1::uuid = ANY(user_ids)`,
    [userId],
  );
}
