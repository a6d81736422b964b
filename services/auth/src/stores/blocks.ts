import type { Block } from '@secureconnect/contracts';
import type { Sql } from '@secureconnect/postgres';
import type { Position } from '@secureconnect/service';

interface BlockRow {
  user_id: string;
  created_at: Date;
}

/** Blocks a user; an existing block is unchanged. Undefined if there is no such user. */
export async function insertBlock(
  sql: Sql,
  blockerId: string,
  blockedId: string,
): Promise<{ readonly block: Block; readonly isNew: boolean } | undefined> {
  const inserted = await sql.execute(
    `INSERT INTO auth.user_blocks (blocker_id, blocked_id, created_at)
     SELECT $1::uuid, user_id, $3::timestamptz FROM auth.users WHERE user_id = $2
     ON CONFLICT (blocker_id, blocked_id) DO NOTHING`,
    [blockerId, blockedId, new Date()],
  );
  const rows = await sql.query<BlockRow>(
    `SELECT blocked_id AS user_id, created_at FROM auth.user_blocks
     WHERE blocker_id = $1 AND blocked_id = $2`,
    [blockerId, blockedId],
  );
  const [row] = rows;
  return row && { block: block(row), isNew: inserted === 1 };
}

/** The users that a user has blocked, newest first, after a position. */
export async function listBlocks(
  sql: Sql,
  blockerId: string,
  after: Position,
  limit: number,
): Promise<Block[]> {
  const rows = await sql.query<BlockRow>(
    `SELECT blocked_id AS user_id, created_at FROM auth.user_blocks
     WHERE blocker_id = $1
       AND (created_at, blocked_id) < ($2::timestamptz, $3::uuid)
     ORDER BY created_at DESC, blocked_id DESC LIMIT $4`,
    [blockerId, after.at, after.id, limit],
  );
  return rows.map(block);
}

/** Whether a user has blocked another user. */
export async function hasBlocked(sql: Sql, blockerId: string, blockedId: string): Promise<boolean> {
  const rows = await sql.query(
    'SELECT blocked_id FROM auth.user_blocks WHERE blocker_id = $1 AND blocked_id = $2',
    [blockerId, blockedId],
  );
  return rows.length > 0;
}

/** Removes a block; false if there was none. */
export async function deleteBlock(
  sql: Sql,
  blockerId: string,
  blockedId: string,
): Promise<boolean> {
  const statement = 'DELETE FROM auth.user_blocks WHERE blocker_id = $1 AND blocked_id = $2';
  return (await sql.execute(statement, [blockerId, blockedId])) === 1;
}

function block({ user_id, created_at }: BlockRow): Block {
  return { user_id, created_at: created_at.toISOString() };
}
