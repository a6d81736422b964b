import { PASSKEY_CHALLENGE_SECONDS } from '@secureconnect/contracts';
import type { Sql } from '@secureconnect/postgres';

/** What the answer to a challenge does. */
export type ChallengePurpose = 'sign in' | 'step up' | 'add';

export interface ChallengeKey {
  readonly hash: Buffer;
  readonly purpose: ChallengePurpose;
  /** The session that may answer; undefined for a sign-in. */
  readonly sessionId: string | undefined;
}

export interface NewChallenge extends ChallengeKey {
  /** Who may have at most `maxOfOwner` challenges; the oldest ones end. */
  readonly owner: string;
  readonly maxOfOwner: number;
}

/** Stores a challenge for `PASSKEY_CHALLENGE_SECONDS`. */
export async function insertChallenge(sql: Sql, challenge: NewChallenge): Promise<void> {
  const { hash, purpose, owner, sessionId, maxOfOwner } = challenge;
  await sql.execute(
    `INSERT INTO auth.passkey_challenges (challenge_hash, purpose, owner, session_id, expires_at)
     VALUES ($1, $2, $3, $4, now() + $5 * interval '1 second')`,
    [hash, purpose, owner, sessionId ?? null, PASSKEY_CHALLENGE_SECONDS],
  );
  await sql.execute(
    `DELETE FROM auth.passkey_challenges WHERE challenge_hash IN (
       SELECT challenge_hash FROM auth.passkey_challenges WHERE owner = $1
       ORDER BY expires_at DESC, challenge_hash OFFSET $2)`,
    [owner, maxOfOwner],
  );
}

/** Uses a challenge up. False if it is unknown, used, expired, or of a different session. */
export async function takeChallenge(sql: Sql, challenge: ChallengeKey): Promise<boolean> {
  const { hash, purpose, sessionId } = challenge;
  const taken = await sql.execute(
    `DELETE FROM auth.passkey_challenges
     WHERE challenge_hash = $1 AND purpose = $2 AND expires_at > now()
       AND session_id IS NOT DISTINCT FROM $3::uuid`,
    [hash, purpose, sessionId ?? null],
  );
  return taken === 1;
}
