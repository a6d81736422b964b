import type { SecondFactorRequired, SignedIn } from '@secureconnect/contracts';
import { CHALLENGE_SECONDS } from '@secureconnect/contracts';
import type { Database, Sql } from '@secureconnect/postgres';
import type { NoteSecurityEvent } from '@secureconnect/service';
import {
  emailNotVerified,
  type JudgedAccount,
  type NewSessions,
  openJudged,
  type StartedSession,
} from '../ports/new-sessions.ts';
import { hashOf, newSecret } from '../secrets.ts';
import type { SessionClient } from '../session-client.ts';
import { insertChallenge } from '../stores/sign-in-challenges.ts';
import { hasSecondFactor } from '../stores/totp-factors.ts';

/** What a sign-in with a proved first factor leads to. */
export type BegunSignIn =
  | { readonly kind: 'session'; readonly session: StartedSession }
  | { readonly kind: 'challenge'; readonly challenge: SecondFactorRequired };

interface SignInDeps {
  readonly database: Database;
  readonly newSessions: NewSessions;
  readonly requireVerifiedEmail: boolean;
}

/**
 * Goes on with the sign-in of a user who has proved a first factor: starts the session, or asks for
 * the second factor if the account has one. Undefined if the proof no longer holds.
 * @param isBothFactors whether the proof stands for both factors, as a passkey with user verification
 *   does, so that no second one is asked for
 * @throws ApiError EMAIL_NOT_VERIFIED if the setting requires a verified address
 */
export async function beginSignIn(
  { database, newSessions, requireVerifiedEmail }: SignInDeps,
  judged: JudgedAccount,
  client: SessionClient,
  { isBothFactors }: { readonly isBothFactors: boolean } = { isBothFactors: false },
): Promise<BegunSignIn | undefined> {
  const { user_id: userId } = judged.user;
  if (isBothFactors) {
    const session = await newSessions.start(judged, client);
    return session && { kind: 'session', session };
  }
  const ask = () => askForSecondFactor(database, judged, client, requireVerifiedEmail);
  const asked = (await hasSecondFactor(database, userId)) ? await ask() : undefined;
  if (asked !== undefined) return asked;
  const isStillGood = async (sql: Sql): Promise<boolean> =>
    !(await hasSecondFactor(sql, userId)) && (await judged.isStillGood?.(sql)) !== false;
  const session = await newSessions.start({ ...judged, isStillGood }, client);
  if (session !== undefined) return { kind: 'session', session };
  // A factor may have been added meanwhile.
  return ask();
}

/**
 * Issues a challenge in the transaction that verifies that the first factor still holds. Undefined if
 * it does not, or if the account has no second factor.
 */
function askForSecondFactor(
  database: Database,
  judged: JudgedAccount,
  { deviceName }: SessionClient,
  requireVerifiedEmail: boolean,
): Promise<BegunSignIn | undefined> {
  const challenge = newSecret();
  return database.transaction(async (sql) => {
    const account = await openJudged(sql, judged);
    if (account === undefined) return undefined;
    const { user_id: userId, email_verified: isVerified } = account.user;
    if (!(await hasSecondFactor(sql, userId))) return undefined;
    if (requireVerifiedEmail && !isVerified) throw emailNotVerified(userId);
    await insertChallenge(sql, hashOf(challenge), { userId, deviceName });
    const asked = { second_factor_required: true, expires_in: CHALLENGE_SECONDS } as const;
    return { kind: 'challenge', challenge: { ...asked, challenge } };
  });
}

/** The reply to a sign-in, and its security event. */
export function signInReply(
  begun: BegunSignIn,
  userId: string,
  noteSecurity: NoteSecurityEvent,
): SignedIn {
  if (begun.kind === 'challenge') {
    noteSecurity('second_factor_required', { userId });
    return begun.challenge;
  }
  const { user, sessionId, tokens } = begun.session;
  noteSecurity('session_started', { userId, sessionId });
  return { user, ...tokens };
}
