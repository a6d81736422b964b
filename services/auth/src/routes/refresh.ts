import { randomBytes } from 'node:crypto';
import type { Tokens } from '@secureconnect/contracts';
import { auth } from '@secureconnect/contracts/endpoints';
import type { Sql } from '@secureconnect/postgres';
import { type ApiError, type ApiErrorOptions, unauthorized } from '@secureconnect/service';
import { type AuditOrigin, auditOrigin, recordAudit } from '../audit/record-audit.ts';
import type { AuthContext } from '../context.ts';
import type { Sessions } from '../ports/sessions.ts';
import { parseRefreshToken, type RefreshToken } from '../refresh-token.ts';
import { revokeSessions } from '../revoke-sessions.ts';
import { sessionExpiry, useWrittenEveryMs } from '../session-limits.ts';
import {
  insertRefreshToken,
  isRefreshTokenUnused,
  useRefreshToken,
} from '../stores/refresh-tokens.ts';
import { endSession, holdLiveSession, markSessionUsed } from '../stores/sessions.ts';
import { findAccount } from '../stores/users.ts';
import { closedUnlessDurable, route } from './route.ts';

/** Two tabs, or a client whose reply was lost, may send the same token within this time. */
const leewaySeconds = 10;
const saltBytes = 16;

export const refresh = route(
  auth.refresh,
  { sessions: closedUnlessDurable, blacklist: closedUnlessDurable },
  async ({ body, context, ...client }, { sessions, blacklist }) => {
    context.refreshGate.admit(client.clientAddress);
    const given = parseRefreshToken(body.refresh_token);
    const session = given && (await sessions.find(given.sessionId));
    if (given === undefined || session === undefined) throw notValid();
    const { userId, sessionId } = session;
    const origin = auditOrigin({ ...client, context });
    const outcome = await context.database.transaction(async (sql) => {
      const next = await exchange(sql, given, context);
      if (next !== 'reused') return next && renew(sql, next, { context, sessions, origin });
      // One of the two senders stole the token, so neither keeps the session.
      await endSession(sql, given.sessionId);
      const by = { actor: 'anonymous', userId, sessionId, origin } as const;
      await recordAudit(sql, { action: 'refresh_token_reused', ...by });
      await revokeSessions(sql, [given.sessionId], 'refresh token reused', { sessions, blacklist });
      return 'reused';
    });
    if (outcome === undefined) throw notValid();
    if (outcome !== 'reused') return outcome;
    throw notValid({ event: 'refresh_token_reused', userId, sessionId });
  },
);

/**
 * The token that replaces the given one: a new one at its first use; the same one again while its
 * reply may have been lost and it is unused. Undefined for an unknown token.
 */
async function exchange(
  sql: Sql,
  given: RefreshToken,
  { nextRefreshToken, formerNextRefreshToken }: AuthContext,
): Promise<RefreshToken | 'reused' | undefined> {
  const newSalt = randomBytes(saltBytes);
  const use = await useRefreshToken(sql, given, newSalt, leewaySeconds);
  switch (use.kind) {
    case 'first': {
      const next = nextRefreshToken(given, newSalt);
      await insertRefreshToken(sql, next);
      return next;
    }
    case 'again': {
      const next = nextRefreshToken(given, use.salt);
      if (await isRefreshTokenUnused(sql, next)) return next;
      // During a rotation of the secret, the first use may have been at an instance with the other.
      const former = formerNextRefreshToken?.(given, use.salt);
      return former && (await isRefreshTokenUnused(sql, former)) ? former : 'reused';
    }
    case 'reused':
      return 'reused';
    case 'unknown':
      return undefined;
  }
}

interface Renewal {
  readonly context: AuthContext;
  readonly sessions: Sessions;
  readonly origin: AuditOrigin;
}

/**
 * The reply with the next token. Throws, and exchanges nothing, if the session has ended in SQL: a
 * Redis that was rolled back may still have it.
 */
async function renew(
  sql: Sql,
  next: RefreshToken,
  { context, sessions, origin }: Renewal,
): Promise<Tokens> {
  const { sessionId } = next;
  const session = await holdLiveSession(sql, sessionId);
  if (session === undefined) throw notValid();
  const { sessionLimits, signAccessToken } = context;
  const { userId, startedAtMs, heldAtMs: issuedAtMs } = session;
  const expiresAtMs = sessionExpiry(sessionLimits, { startedAtMs, usedAtMs: issuedAtMs });
  if (session.lastSeenAtMs <= issuedAtMs - useWrittenEveryMs(sessionLimits)) {
    const used = { sessionId, userId, expiresAtMs };
    await markSessionUsed(sql, used, origin);
    await sessions.keep(used);
  }
  const { user } = await findAccount(sql, userId);
  const sessionEndsAtMs = startedAtMs + sessionLimits.absoluteMs;
  const access = await signAccessToken({
    userId,
    sessionId,
    role: user.role,
    emailVerified: user.email_verified,
    issuedAtMs,
    sessionEndsAtMs,
  });
  return {
    user,
    access_token: access.token,
    refresh_token: next.text,
    expires_in: access.expiresInSeconds,
  };
}

function notValid(security?: ApiErrorOptions['security']): ApiError {
  return unauthorized('This refresh token is not valid; log in again.', security);
}
