import type { Friendship } from '@secureconnect/contracts';
import type { Sql } from '@secureconnect/postgres';
import type { Position } from '@secureconnect/service';

interface FriendshipRow {
  user_id: string;
  requested_at: Date;
  accepted_at: Date | null;
}

const other = 'CASE WHEN f.first_id = $1 THEN f.second_id ELSE f.first_id END';
const columns = `${other} AS user_id, f.requested_at, f.accepted_at`;
const pair =
  'f.first_id = least($1::uuid, $2::uuid) AND f.second_id = greatest($1::uuid, $2::uuid)';

/** The friendship of two users, or the request of one of them. */
export async function findFriendship(
  sql: Sql,
  userId: string,
  otherId: string,
): Promise<Friendship | undefined> {
  const rows = await sql.query<FriendshipRow>(
    `SELECT ${columns} FROM auth.friendships f WHERE ${pair}`,
    [userId, otherId],
  );
  return rows.map(friendship)[0];
}

/**
 * Stores a request; accepts the other user's instead if there is one; changes nothing if the two
 * are friends or the request is known.
 */
export async function requestFriendship(
  sql: Sql,
  userId: string,
  otherId: string,
): Promise<{ readonly friendship: Friendship; readonly isChange: boolean }> {
  const changed = await sql.execute(
    `INSERT INTO auth.friendships AS f (first_id, second_id, requested_by, requested_at)
     VALUES (least($1::uuid, $2::uuid), greatest($1::uuid, $2::uuid), $1,
       date_trunc('milliseconds', now()))
     ON CONFLICT (first_id, second_id) DO UPDATE
     SET accepted_at = date_trunc('milliseconds', now())
     WHERE f.accepted_at IS NULL AND f.requested_by <> $1`,
    [userId, otherId],
  );
  const stored = await findFriendship(sql, userId, otherId);
  if (stored === undefined) throw new Error('the friend request was not stored');
  return { friendship: stored, isChange: changed === 1 };
}

/** Accepts the other user's request, unless it is; false if there is none. */
export async function acceptFriendship(
  sql: Sql,
  userId: string,
  otherId: string,
): Promise<boolean> {
  const accepted = await sql.execute(
    `UPDATE auth.friendships f SET accepted_at = date_trunc('milliseconds', now())
     WHERE ${pair} AND f.accepted_at IS NULL AND f.requested_by = $2`,
    [userId, otherId],
  );
  return accepted === 1;
}

/** Removes a friendship, or a request of either side; false if there was none. */
export async function deleteFriendship(
  sql: Sql,
  userId: string,
  otherId: string,
  state: 'requested' | 'friends',
): Promise<boolean> {
  const isState = state === 'friends' ? 'f.accepted_at IS NOT NULL' : 'f.accepted_at IS NULL';
  const removed = await sql.execute(`DELETE FROM auth.friendships f WHERE ${pair} AND ${isState}`, [
    userId,
    otherId,
  ]);
  return removed === 1;
}

/**
 * Ends what a blocker has with the blocked user: the friendship, and the blocker's own request. The
 * request of the blocked user stays, hidden, so that its sender learns nothing.
 */
export async function endFriendshipOnBlock(
  sql: Sql,
  blockerId: string,
  blockedId: string,
): Promise<void> {
  await sql.execute(
    `DELETE FROM auth.friendships f
     WHERE ${pair} AND (f.accepted_at IS NOT NULL OR f.requested_by = $1)`,
    [blockerId, blockedId],
  );
}

/** The number of open requests that a user has sent. */
export async function countOpenRequests(sql: Sql, userId: string): Promise<number> {
  const [row] = await sql.query<{ count: string }>(
    `SELECT count(*) FROM auth.friendships WHERE requested_by = $1 AND accepted_at IS NULL`,
    [userId],
  );
  return Number(row?.count ?? 0);
}

/** The friends of a user, newest first, after a position. */
export function listFriendships(
  sql: Sql,
  userId: string,
  after: Position,
  limit: number,
): Promise<Friendship[]> {
  return list(sql, userId, after, limit, 'accepted_at', 'f.accepted_at IS NOT NULL');
}

/** Open requests that a user has got, except those of users whom the user has blocked. */
export function listIncoming(
  sql: Sql,
  userId: string,
  after: Position,
  limit: number,
): Promise<Friendship[]> {
  const isShown = `f.accepted_at IS NULL AND f.requested_by <> $1 AND NOT EXISTS (
    SELECT 1 FROM auth.user_blocks b WHERE b.blocker_id = $1 AND b.blocked_id = f.requested_by)`;
  return list(sql, userId, after, limit, 'requested_at', isShown);
}

/** Open requests that a user has sent. */
export function listOutgoing(
  sql: Sql,
  userId: string,
  after: Position,
  limit: number,
): Promise<Friendship[]> {
  const isShown = 'f.accepted_at IS NULL AND f.requested_by = $1';
  return list(sql, userId, after, limit, 'requested_at', isShown);
}

async function list(
  sql: Sql,
  userId: string,
  after: Position,
  limit: number,
  time: 'accepted_at' | 'requested_at',
  isShown: string,
): Promise<Friendship[]> {
  const rows = await sql.query<FriendshipRow>(
    `SELECT ${columns} FROM auth.friendships f
     WHERE (f.first_id = $1 OR f.second_id = $1) AND ${isShown}
       AND (f.${time}, ${other}) < ($2::timestamptz, $3::uuid)
     ORDER BY f.${time} DESC, user_id DESC LIMIT $4`,
    [userId, after.at, after.id, limit],
  );
  return rows.map(friendship);
}

function friendship(row: FriendshipRow): Friendship {
  return {
    user_id: row.user_id,
    state: row.accepted_at === null ? 'requested' : 'friends',
    since: (row.accepted_at ?? row.requested_at).toISOString(),
  };
}
