import { randomUUID } from 'node:crypto';
import type { Database } from '@secureconnect/postgres';
import { createTokenSigner } from '@secureconnect/tokens';
import { newRefreshToken } from '../refresh-token.ts';
import { insertRefreshToken } from '../stores/refresh-tokens.ts';
import { insertSession } from '../stores/sessions.ts';
import type { Account } from '../stores/users.ts';
import type { Sessions } from './sessions.ts';

export interface IssuedTokens {
  readonly access_token: string;
  readonly refresh_token: string;
  /** Seconds. */
  readonly expires_in: number;
}

/**
 * Begins sessions, for register and login. A port of its own, apart from `sessions`: this one may
 * fail open where the operator allows it, the other never (docs/adr/0005).
 */
export interface NewSessions {
  start(account: Account): Promise<IssuedTokens>;
}

export interface SessionSettings {
  readonly jwtSecret: string;
  readonly accessTokenSeconds: number;
  readonly refreshTokenDays: number;
}

/** Without Redis an access token cannot be revoked at once, so it is short-lived. */
const statelessTokenSeconds = 300;

export function redisNewSessions(
  sessions: Sessions,
  database: Database,
  settings: SessionSettings,
): NewSessions {
  const sign = createTokenSigner({ secret: settings.jwtSecret });
  return {
    async start({ user, role }) {
      const sessionId = randomUUID();
      const refresh = newRefreshToken(sessionId);
      const expiresAtMs = Date.now() + settings.refreshTokenDays * 86_400_000;
      const session = { sessionId, userId: user.user_id, expiresAtMs };
      await database.transaction(async (sql) => {
        await insertSession(sql, session);
        await insertRefreshToken(sql, refresh);
        // Last, and inside: if Redis fails here, there is no session.
        await sessions.keep(session);
      });
      const lifetimeSeconds = settings.accessTokenSeconds;
      const access = sign({ userId: user.user_id, sessionId, role, lifetimeSeconds });
      return {
        access_token: access.token,
        refresh_token: refresh.text,
        expires_in: access.expiresInSeconds,
      };
    },
  };
}

/** Stateless login: a short access token marked `deg`, and nothing to refresh it with. */
export function statelessNewSessions(database: Database, settings: SessionSettings): NewSessions {
  const sign = createTokenSigner({ secret: settings.jwtSecret });
  return {
    async start({ user, role }) {
      const sessionId = randomUUID();
      const expiresAtMs = Date.now() + statelessTokenSeconds * 1000;
      // Written down all the same: "end every session" must end this one too.
      await insertSession(database, { sessionId, userId: user.user_id, expiresAtMs });
      const lifetimeSeconds = statelessTokenSeconds;
      const userId = user.user_id;
      const access = sign({ userId, sessionId, role, lifetimeSeconds, degraded: true });
      return { access_token: access.token, refresh_token: '', expires_in: lifetimeSeconds };
    },
  };
}

/** For registration without stateless login: the user is made and logs in later. */
export function noNewSessions(): NewSessions {
  return {
    start: async () => ({ access_token: '', refresh_token: '', expires_in: 0 }),
  };
}
