import type { Sql } from '@secureconnect/postgres';

const pageSize = 500;
const newestFirst = {
  at: new Date(8_640_000_000_000_000 / 100),
  id: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
};

interface PageRow {
  message_id: string;
  created_at: Date;
  is_own: boolean;
  has_reaction: boolean;
}

/** See `MessageStore.eraseUser`. A page at a time: no statement takes long. */
export async function eraseUserFrom(
  sql: Sql,
  conversationId: string,
  userId: string,
): Promise<string[]> {
  const erased: string[] = [];
  for (let after = newestFirst; ; ) {
    const rows = await sql.query<PageRow>(
      `SELECT message_id, created_at, sender_id = $2 AS is_own,
         array_to_string(reactions, ' ') LIKE '%' || $2::text || '%' AS has_reaction
       FROM chat.messages
       WHERE conversation_id = $1 AND (created_at, message_id) < ($3::timestamptz, $4::uuid)
       ORDER BY created_at DESC, message_id DESC LIMIT $5`,
      [conversationId, userId, after.at, after.id, pageSize],
    );
    const own = rows.filter((row) => row.is_own).map((row) => row.message_id);
    if (own.length > 0) {
      await sql.execute('DELETE FROM chat.messages WHERE message_id = ANY($1::uuid[])', [own]);
      erased.push(...own);
    }
    const reacted = rows.filter((row) => row.has_reaction).map((row) => row.message_id);
    if (reacted.length > 0) {
      await sql.execute(
        `UPDATE chat.messages SET reactions = ARRAY(
           SELECT entry FROM unnest(reactions) AS entry WHERE entry NOT LIKE '%' || $2::text)
         WHERE message_id = ANY($1::uuid[])`,
        [reacted, userId],
      );
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageSize) break;
    after = { at: last.created_at, id: last.message_id };
  }
  await sql.execute(
    `DELETE FROM chat.events WHERE conversation_id = $1
       AND (from_user = $2 OR data::text LIKE '%' || $2::text || '%')`,
    [conversationId, userId],
  );
  return erased;
}
