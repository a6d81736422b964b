import { randomUUID } from 'node:crypto';
import type { Database } from '@secureconnect/postgres';
import type { KnownUser } from '@secureconnect/testkit';
import { tokenOf } from '@secureconnect/tokens/testing';

/** So many are written by one statement: samples are prepared two dozen at a time. */
const writtenAtATime = 32;

/** No sample is sent later than this after it was made. */
const tokenLifetimeSeconds = 3600;

/** Users with sessions, written to SQL as registrations would have left them, some ahead. */
export class KnownUsers {
  readonly #withDatabase: (act: (database: Database) => Promise<unknown>) => Promise<void>;
  readonly #left: KnownUser[] = [];
  #writing: Promise<void> | undefined;

  /** @param withDatabase runs what it is given with a connection to the services' database */
  constructor(withDatabase: (act: (database: Database) => Promise<unknown>) => Promise<void>) {
    this.#withDatabase = withDatabase;
  }

  /** One that nobody else has. */
  async next(): Promise<KnownUser> {
    for (;;) {
      const user = this.#left.pop();
      if (user !== undefined) return user;
      this.#writing ??= this.#write().finally(() => {
        this.#writing = undefined;
      });
      await this.#writing;
    }
  }

  async #write(): Promise<void> {
    const users = Array.from({ length: writtenAtATime }, () => {
      const username = `known_${randomUUID().slice(0, 12)}`;
      return { userId: randomUUID(), sessionId: randomUUID(), username };
    });
    await this.#withDatabase((database) =>
      database.execute(
        `WITH known AS (
           SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS u (user_id, session_id, name)
         ), added AS (
           INSERT INTO auth.users
             (user_id, email, username, username_key, display_name, password_hash)
           SELECT user_id, name || '@example.com', name, name, name, '' FROM known
         )
         INSERT INTO auth.sessions (session_id, user_id, expires_at)
         SELECT session_id, user_id, now() + interval '1 day' FROM known`,
        [
          users.map(({ userId }) => userId),
          users.map(({ sessionId }) => sessionId),
          users.map(({ username }) => username),
        ],
      ),
    );
    for (const { userId, sessionId, username } of users) {
      const token = tokenOf({ userId, sessionId }, tokenLifetimeSeconds);
      this.#left.push({ userId, sessionId, username, email: `${username}@example.com`, token });
    }
  }
}
