import { CHALLENGE_SECONDS, CHALLENGE_TRIES } from '@secureconnect/contracts';
import type { Sql } from '@secureconnect/postgres';

/** A sign-in with a proved first factor that waits for the second one. */
export interface SignInChallenge {
  readonly userId: string;
  /** As the client named its device in the first call. */
  readonly deviceName: string | null;
}

/** Maximum challenges of a user; a further one ends the oldest. */
const maxChallenges = 10;

export async function insertChallenge(
  sql: Sql,
  hash: Buffer,
  { userId, deviceName }: SignInChallenge,
): Promise<void> {
  await sql.execute(
    `DELETE FROM auth.sign_in_challenges WHERE challenge_hash IN (
       SELECT challenge_hash FROM auth.sign_in_challenges WHERE user_id = $1
       ORDER BY expires_at DESC OFFSET ${maxChallenges - 1})`,
    [userId],
  );
  await sql.execute(
    `INSERT INTO auth.sign_in_challenges (challenge_hash, user_id, device_name, expires_at)
     VALUES ($1, $2, $3, now() + $4 * interval '1 second')`,
    [hash, userId, deviceName, CHALLENGE_SECONDS],
  );
}

const isOpen = `expires_at > now() AND failed_tries < ${CHALLENGE_TRIES}`;

/** Undefined if the challenge is unknown, used, expired, or was tried too often. */
export async function findChallenge(sql: Sql, hash: Buffer): Promise<SignInChallenge | undefined> {
  const [row] = await sql.query<{ user_id: string; device_name: string | null }>(
    `SELECT user_id, device_name FROM auth.sign_in_challenges
     WHERE challenge_hash = $1 AND ${isOpen}`,
    [hash],
  );
  return row && { userId: row.user_id, deviceName: row.device_name };
}

/** Holds a challenge for this transaction; false as `findChallenge`, or if it is of somebody else. */
export async function holdChallenge(sql: Sql, hash: Buffer, userId: string): Promise<boolean> {
  const held = await sql.query(
    `SELECT 1 FROM auth.sign_in_challenges
     WHERE challenge_hash = $1 AND user_id = $2 AND ${isOpen} FOR UPDATE`,
    [hash, userId],
  );
  return held.length === 1;
}

export async function countFailedTry(sql: Sql, hash: Buffer): Promise<void> {
  await sql.execute(
    `UPDATE auth.sign_in_challenges SET failed_tries = failed_tries + 1
     WHERE challenge_hash = $1`,
    [hash],
  );
}

/** Ends a challenge. */
export async function endChallenge(sql: Sql, hash: Buffer): Promise<void> {
  await sql.execute('DELETE FROM auth.sign_in_challenges WHERE challenge_hash = $1', [hash]);
}

/**
 * Ends every challenge of a user. Belongs to each change of what proves a first factor: a sign-in
 * that was begun with the old password must not be finished.
 */
export async function endChallengesOf(sql: Sql, userId: string): Promise<void> {
  await sql.execute('DELETE FROM auth.sign_in_challenges WHERE user_id = $1', [userId]);
}
