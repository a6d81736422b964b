import type { Database } from '@secureconnect/postgres';
import type { TestUser } from '@secureconnect/tokens/testing';

/** Gives these users their sessions on record: push tokens belong to sessions. */
export async function signIn(database: Database, ...users: readonly TestUser[]): Promise<void> {
  await database.execute(
    `INSERT INTO auth.users (user_id, email, username, username_key, display_name, password_hash)
     SELECT known, known::text, known::text, known::text, '', '' FROM unnest($1::uuid[]) AS known
     ON CONFLICT DO NOTHING`,
    [users.map(({ userId }) => userId)],
  );
  await database.execute(
    `INSERT INTO auth.sessions (session_id, user_id, expires_at)
     SELECT session_id, user_id, now() + interval '1 day'
     FROM unnest($1::uuid[], $2::uuid[]) AS signed_in (session_id, user_id)
     ON CONFLICT DO NOTHING`,
    [users.map(({ sessionId }) => sessionId), users.map(({ userId }) => userId)],
  );
}

/** Ends a session, as logout does. */
export async function endSession(database: Database, { sessionId }: TestUser): Promise<void> {
  await database.execute('UPDATE auth.sessions SET ended_at = now() WHERE session_id = $1', [
    sessionId,
  ]);
}
