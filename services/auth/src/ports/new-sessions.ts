import { randomUUID } from 'node:crypto';
import type { OwnUser } from '@secureconnect/contracts';
import type { Database, Sql } from '@secureconnect/postgres';
import { createTokenSigner } from '@secureconnect/tokens';
import { newRefreshToken } from '../refresh-token.ts';
import { insertRefreshToken } from '../stores/refresh-tokens.ts';
import { insertSession } from '../stores/sessions.ts';
import { type Account, findAccountIfUnchanged } from '../stores/users.ts';
import { clockToleranceSeconds, statelessTokenSeconds } from '../token-lifetimes.ts';
import type { Sessions } from './sessions.ts';

export interface IssuedTokens {
  readonly access_token: string;
  readonly refresh_token: string;
  /** Seconds. */
  readonly expires_in: number;
}

/** The tokens of somebody who has no session yet. */
export const noTokens: IssuedTokens = { access_token: '', refresh_token: '', expires_in: 0 };

/** A new session, with the user as of its beginning. */
export interface StartedSession {
  readonly user: OwnUser;
  /** Undefined where none was begun. */
  readonly sessionId: string | undefined;
  readonly tokens: IssuedTokens;
}

/**
 * Begins sessions, for register and login. A port of its own, apart from `sessions`: this one may
 * fail open where the operator allows it, the other never (docs/adr/0005).
 */
export interface NewSessions {
  /**
   * Begins a session of an account whose password was judged. Undefined where the password was
   * changed since: judging takes long, and no session may outlive the reset that ends all others.
   */
  start(judged: Account): Promise<StartedSession | undefined>;
}

export interface SessionSettings {
  readonly jwtSecret: string;
  readonly accessTokenSeconds: number;
  readonly refreshTokenDays: number;
}

export function redisNewSessions(
  sessions: Sessions,
  database: Database,
  settings: SessionSettings,
): NewSessions {
  const sign = createTokenSigner({ secret: settings.jwtSecret });
  return {
    start: (judged) =>
      ifUnchanged(database, judged, async (sql, { userId, role, sessionId }) => {
        const refresh = newRefreshToken(sessionId);
        const expiresAtMs = Date.now() + settings.refreshTokenDays * 86_400_000;
        const session = { sessionId, userId, expiresAtMs };
        const issuedAtMs = await insertSession(sql, session);
        await insertRefreshToken(sql, refresh);
        const lifetimeSeconds = settings.accessTokenSeconds;
        const access = sign({ userId, sessionId, role, lifetimeSeconds, issuedAtMs });
        // Last, and inside: if Redis fails here, there is no session.
        await sessions.keep(session);
        return {
          access_token: access.token,
          refresh_token: refresh.text,
          expires_in: access.expiresInSeconds,
        };
      }),
  };
}

/** Stateless login: a short access token marked `deg`, and nothing to refresh it with. */
export function statelessNewSessions(database: Database, settings: SessionSettings): NewSessions {
  const sign = createTokenSigner({ secret: settings.jwtSecret });
  return {
    start: (judged) =>
      ifUnchanged(database, judged, async (sql, { userId, role, sessionId }) => {
        // Written down all the same: "end every session" must end this one too, until its token has
        // expired by any clock.
        const lifetimeSeconds = statelessTokenSeconds;
        const expiresAtMs = Date.now() + (lifetimeSeconds + clockToleranceSeconds) * 1000;
        const issuedAtMs = await insertSession(sql, { sessionId, userId, expiresAtMs });
        const of = { userId, sessionId, role, issuedAtMs };
        const access = sign({ ...of, lifetimeSeconds, degraded: true });
        return { access_token: access.token, refresh_token: '', expires_in: lifetimeSeconds };
      }),
  };
}

/** For registration without stateless login: the user is made and logs in later. */
export function noNewSessions(): NewSessions {
  return {
    start: async ({ user }) => ({ user, sessionId: undefined, tokens: noTokens }),
  };
}

/**
 * Issues tokens in the transaction that has seen the password unchanged, and with the role of that
 * moment. They are signed inside it, so whoever ends the session knows that none is younger.
 */
function ifUnchanged(
  database: Database,
  judged: Account,
  issue: (
    sql: Sql,
    of: { userId: string; role: string; sessionId: string },
  ) => Promise<IssuedTokens>,
): Promise<StartedSession | undefined> {
  const sessionId = randomUUID();
  return database.transaction(async (sql) => {
    const account = await findAccountIfUnchanged(sql, judged);
    if (account === undefined) return undefined;
    const { user, role } = account;
    const tokens = await issue(sql, { userId: user.user_id, role, sessionId });
    return { user, sessionId, tokens };
  });
}
