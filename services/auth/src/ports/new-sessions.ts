import { randomUUID } from 'node:crypto';
import type { OwnUser } from '@secureconnect/contracts';
import type { Database, Sql } from '@secureconnect/postgres';
import { ApiError } from '@secureconnect/service';
import type { SignToken } from '@secureconnect/tokens';
import { recordAudit } from '../audit/record-audit.ts';
import type { SecondFactorKind } from '../factors/judge-code.ts';
import { newRefreshToken } from '../refresh-token.ts';
import type { SessionClient } from '../session-client.ts';
import { type SessionLimits, sessionExpiry } from '../session-limits.ts';
import { insertRefreshToken } from '../stores/refresh-tokens.ts';
import { insertSession } from '../stores/sessions.ts';
import { type Account, findAccount, findAccountIfUnchanged } from '../stores/users.ts';
import { clockToleranceSeconds, statelessTokenSeconds } from '../token-lifetimes.ts';
import type { Sessions } from './sessions.ts';

export interface IssuedTokens {
  readonly access_token: string;
  readonly refresh_token: string;
  /** Seconds. */
  readonly expires_in: number;
}

/** The tokens of a user without a session. */
export const noTokens: IssuedTokens = { access_token: '', refresh_token: '', expires_in: 0 };

/** A new session, with its user as of its start. */
export interface StartedSession {
  readonly user: OwnUser;
  /** Undefined if no session was started. */
  readonly sessionId: string | undefined;
  readonly tokens: IssuedTokens;
}

/** An account whose owner has proved who they are. */
export interface JudgedAccount extends Pick<Account, 'passwordHash'> {
  readonly user: Pick<OwnUser, 'user_id'>;
  /**
   * Done first in the transaction that starts the session, for an account that the sign-in creates or
   * links. False if it is no longer what it was judged to be. May be repeated.
   */
  readonly open?: (sql: Sql) => Promise<boolean>;
  /** For a proof other than the password: asked again in the transaction that starts the session. */
  readonly isStillGood?: (sql: Sql) => Promise<boolean>;
  /** What proved the second factor, for the audit log. */
  readonly secondFactor?: SecondFactorKind;
}

/**
 * Starts sessions, for register and login. Separate from `sessions`, because only this port may
 * fail open, if the operator allows it (docs/adr/0005).
 */
export interface NewSessions {
  /**
   * Starts a session of an account whose password was judged. Undefined if the password has changed
   * since: judging takes long, and no session may outlive a reset.
   * @throws ApiError EMAIL_NOT_VERIFIED if the setting requires a verified address
   */
  start(judged: JudgedAccount, client: SessionClient): Promise<StartedSession | undefined>;
}

export interface SessionSettings {
  readonly signToken: SignToken;
  readonly accessTokenSeconds: number;
  readonly sessionLimits: SessionLimits;
  /** Refuses users with an unverified address. */
  readonly requireVerifiedEmail: boolean;
}

/**
 * Sessions with a refresh token, stored in SQL.
 * @param sessions where the fast path keeps them, which fails the start if it is down
 */
export function storedNewSessions(
  sessions: Pick<Sessions, 'keep'>,
  database: Database,
  settings: SessionSettings,
): NewSessions {
  const { signToken: sign } = settings;
  return {
    start: (judged, client) =>
      ifUnchanged({ database, ...settings }, judged, client, async (sql, of) => {
        const { userId, sessionId } = of;
        const refresh = newRefreshToken(sessionId);
        const nowMs = Date.now();
        const expiresAtMs = sessionExpiry(settings.sessionLimits, {
          startedAtMs: nowMs,
          usedAtMs: nowMs,
        });
        const session = { sessionId, userId, expiresAtMs };
        const issuedAtMs = await insertSession(sql, session, client);
        await insertRefreshToken(sql, refresh);
        const lifetimeSeconds = settings.accessTokenSeconds;
        const access = await sign({ ...of, lifetimeSeconds, issuedAtMs });
        // Last in the transaction: if Redis fails here, no session is created.
        await sessions.keep(session);
        return {
          access_token: access.token,
          refresh_token: refresh.text,
          expires_in: access.expiresInSeconds,
        };
      }),
  };
}

/** Stateless login: a short-lived access token marked `deg`, without a refresh token. */
export function statelessNewSessions(database: Database, settings: SessionSettings): NewSessions {
  const { signToken: sign } = settings;
  return {
    start: (judged, client) =>
      ifUnchanged(
        { database, ...settings },
        judged,
        client,
        async (sql, { userId, role, sessionId, emailVerified }) => {
          // Stored nevertheless: "end every session" must end this one too, until its token has
          // expired by any clock.
          const lifetimeSeconds = statelessTokenSeconds;
          const expiresAtMs = Date.now() + (lifetimeSeconds + clockToleranceSeconds) * 1000;
          const issuedAtMs = await insertSession(sql, { sessionId, userId, expiresAtMs }, client);
          const of = { userId, sessionId, role, emailVerified, issuedAtMs };
          const access = await sign({ ...of, lifetimeSeconds, degraded: true });
          return { access_token: access.token, refresh_token: '', expires_in: lifetimeSeconds };
        },
      ),
  };
}

/** For registration without stateless login: the user is created and logs in later. */
export function noNewSessions(database: Database): NewSessions {
  return {
    start: async ({ user: { user_id: userId } }) => {
      const { user } = await findAccount(database, userId);
      return { user, sessionId: undefined, tokens: noTokens };
    },
  };
}

/**
 * Issues tokens, with the current role, in the transaction that verified that the password is
 * unchanged. They are signed inside it, so an ended session has no younger token.
 */
function ifUnchanged(
  { database, requireVerifiedEmail }: { readonly database: Database } & SessionSettings,
  judged: JudgedAccount,
  client: SessionClient,
  issue: (
    sql: Sql,
    of: { userId: string; role: string; sessionId: string; emailVerified: boolean },
  ) => Promise<IssuedTokens>,
): Promise<StartedSession | undefined> {
  const sessionId = randomUUID();
  return database.transaction(async (sql) => {
    const account = await openJudged(sql, judged);
    if (account === undefined) return undefined;
    const { user } = account;
    const { user_id: userId, email_verified: emailVerified, role } = user;
    if (requireVerifiedEmail && !emailVerified) throw emailNotVerified(userId);
    const tokens = await issue(sql, { userId, role, sessionId, emailVerified });
    const { secondFactor } = judged;
    const details = secondFactor === undefined ? {} : { second_factor: secondFactor };
    await recordAudit(sql, { action: 'signed_in', userId, sessionId, origin: client, details });
    return { user, sessionId, tokens };
  });
}

/** The account as it is in this transaction; undefined if the proof no longer holds. */
export async function openJudged(sql: Sql, judged: JudgedAccount): Promise<Account | undefined> {
  if ((await judged.open?.(sql)) === false) return undefined;
  const account = await findAccountIfUnchanged(sql, judged);
  if (account === undefined || (await judged.isStillGood?.(sql)) === false) return undefined;
  return account;
}

/** Disclosed only after the right password. */
export function emailNotVerified(userId: string): ApiError {
  return new ApiError(
    'EMAIL_NOT_VERIFIED',
    'Verify your e-mail address first: use the mail that you got, or request a new one at POST /v1/auth/email/resend.',
    { security: { event: 'login_unverified', userId } },
  );
}
