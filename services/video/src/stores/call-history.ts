import type { Sql } from '@secureconnect/postgres';
import type { Position } from '@secureconnect/service';
import { isMember, queryViews } from './membership.ts';

/**
 * Positions of the calls that a user started or was called to, newest first, in
 * conversations that they are still in.
 */
export async function callsBefore(
  sql: Sql,
  userId: string,
  after: Position,
  limit: number,
): Promise<Position[]> {
  return queryViews<{ at: Date; id: string }>(
    sql,
    `SELECT part.called_at AS at, part.call_id AS id
     FROM video.call_participants AS part JOIN video.calls ON calls.call_id = part.call_id
     WHERE part.user_id = $1 AND (part.called_at, part.call_id) < ($2, $3)
       AND ${isMember('calls.conversation_id', 'part.user_id')}
     ORDER BY part.called_at DESC, part.call_id DESC LIMIT $4`,
    [userId, after.at, after.id, limit],
  );
}
