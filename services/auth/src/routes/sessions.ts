import { LoggedOut, Refresh, Tokens } from '@secureconnect/contracts';
import type { Database } from '@secureconnect/postgres';
import { unauthorized } from '@secureconnect/service';
import type { Blacklist, Revocation } from '@secureconnect/tokens';
import type { Sessions } from '../ports/sessions.ts';
import { newRefreshToken, parseRefreshToken, type RefreshToken } from '../refresh-token.ts';
import { insertRefreshToken, useRefreshToken } from '../stores/refresh-tokens.ts';
import { insertRevocations } from '../stores/revocations.ts';
import { endSession, extendSession, type LiveSession } from '../stores/sessions.ts';
import { findAccount } from '../stores/users.ts';
import { refuse, route } from './route.ts';

const refresh = route.post(
  '/v1/auth/refresh',
  {
    operation: 'refresh',
    summary: 'Exchange a refresh token for a new pair; each can be used once',
    auth: 'none',
    body: Refresh,
    reply: Tokens,
    whenRedisDown: { sessions: refuse, blacklist: refuse },
  },
  async ({ body, context }, { sessions, blacklist }) => {
    const given = parseRefreshToken(body.refresh_token);
    const session = given && (await sessions.find(given.sessionId));
    if (given === undefined || session === undefined) throw notValid();

    const { database, refreshTokenDays } = context;
    const next = newRefreshToken(session.sessionId);
    const expiresAtMs = Date.now() + refreshTokenDays * 86_400_000;
    const renewed = { ...session, expiresAtMs };
    const outcome = await rotate(database, given, next, renewed, sessions);
    if (outcome === 'reused') {
      await endFamily(database, session, context.accessTokenSeconds, sessions, blacklist);
    }
    if (outcome !== 'used') throw notValid();

    const { user, role } = await findAccount(database, session.userId);
    const { sessionId, userId } = session;
    const access = context.signAccessToken({ userId, sessionId, role });
    return {
      user,
      access_token: access.token,
      refresh_token: next.text,
      expires_in: access.expiresInSeconds,
    };
  },
);

/** Uses one refresh token up and writes the next, or changes nothing. */
function rotate(
  database: Database,
  given: RefreshToken,
  next: RefreshToken,
  renewed: LiveSession,
  sessions: Sessions,
): Promise<'used' | 'reused' | 'unknown'> {
  return database.transaction(async (sql) => {
    const outcome = await useRefreshToken(sql, given);
    if (outcome !== 'used') return outcome;
    await insertRefreshToken(sql, next);
    // A Redis that was rolled back may still know a session that SQL has ended.
    if (!(await extendSession(sql, renewed))) throw notValid();
    await sessions.keep(renewed);
    return outcome;
  });
}

/** A refresh token came twice: one of the two senders stole it, so neither keeps the session. */
async function endFamily(
  database: Database,
  session: LiveSession,
  accessTokenSeconds: number,
  sessions: Sessions,
  blacklist: Blacklist,
): Promise<void> {
  const revocations = [
    { id: session.sessionId, expiresAtMs: Date.now() + accessTokenSeconds * 1000 },
  ];
  await database.transaction(async (sql) => {
    await endSession(sql, session.sessionId);
    await insertRevocations(sql, revocations, 'refresh token reused');
    await blacklist.add(revocations);
    await sessions.end([session.sessionId]);
  });
}

const logout = route.post(
  '/v1/auth/logout',
  {
    operation: 'logout',
    summary: 'End this session and revoke its tokens at once',
    auth: 'bearer',
    reply: LoggedOut,
    whenRedisDown: { sessions: refuse, blacklist: refuse },
  },
  async ({ user, context }, { sessions, blacklist }) => {
    const revocations: Revocation[] = [
      { id: user.tokenId, expiresAtMs: user.expiresAtMs },
      // Other access tokens of this session may be younger than this one.
      { id: user.sessionId, expiresAtMs: Date.now() + context.accessTokenSeconds * 1000 },
    ];
    await context.database.transaction(async (sql) => {
      await endSession(sql, user.sessionId);
      await insertRevocations(sql, revocations, 'logout');
      await blacklist.add(revocations);
      await sessions.end([user.sessionId]);
    });
    return { logged_out: true } as const;
  },
);

function notValid() {
  return unauthorized('This refresh token is not valid. Log in again.');
}

export const sessionRoutes = [refresh, logout];
