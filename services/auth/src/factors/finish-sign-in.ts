import type { Tokens } from '@secureconnect/contracts';
import type { Sql } from '@secureconnect/postgres';
import {
  type ApiError,
  type Logger,
  type NoteSecurityEvent,
  unauthorized,
} from '@secureconnect/service';
import type { AuditedRequest } from '../audit/record-audit.ts';
import type { AuthContext } from '../context.ts';
import type { HashClient } from '../hashing/hash-queue.ts';
import { actOnJudged } from '../judge-password.ts';
import type { NewSessions } from '../ports/new-sessions.ts';
import type { SubjectLocks } from '../ports/subject-locks.ts';
import { hashOf } from '../secrets.ts';
import { type SessionClient, sessionClient } from '../session-client.ts';
import {
  countFailedTry,
  endChallenge,
  findChallenge,
  holdChallenge,
} from '../stores/sign-in-challenges.ts';
import { findAccount } from '../stores/users.ts';
import type { JudgedProof } from './judge-code.ts';

/** Judges a proof of the second factor of this user; undefined if it is wrong. */
export type JudgeSecondFactor = (
  userId: string,
  client: SessionClient,
) => Promise<JudgedProof | undefined>;

interface FinishDeps {
  readonly context: AuthContext;
  readonly ports: { readonly newSessions: NewSessions; readonly failedLogins: SubjectLocks };
  readonly request: Omit<AuditedRequest, 'context'> & HashClient & { readonly log: Logger };
  readonly noteSecurity: NoteSecurityEvent;
}

/**
 * Finishes a sign-in that waits for its second factor. The challenge is held before the proof is
 * used, and both are used up in the transaction that starts the session: no proof is spent in vain.
 * @throws ApiError UNAUTHORIZED, ACCOUNT_LOCKED
 */
export async function finishSignIn(
  { context, ports: { newSessions, failedLogins }, request, noteSecurity }: FinishDeps,
  challenge: string,
  judge: JudgeSecondFactor,
): Promise<Tokens> {
  const { database, loginAttempts } = context;
  const hash = hashOf(challenge);
  const waiting = await findChallenge(database, hash);
  if (waiting === undefined) throw notValid();
  const { userId, deviceName } = waiting;
  const account = await findAccount(database, userId);
  const { email } = account.user;
  const client = sessionClient({ ...request, context }, deviceName ?? undefined);
  // Failures count for the account: somebody who knows the password gets no more guesses than others.
  await using attempt = await loginAttempts.begin(email, failedLogins, request.log);
  const proof = await judge(userId, client);
  const isStillGood = async (sql: Sql): Promise<boolean> => {
    if (!(await holdChallenge(sql, hash, userId)) || !(await proof?.use(sql))) return false;
    await endChallenge(sql, hash);
    return true;
  };
  const started =
    proof &&
    // A new password ends the challenge; a new hash of the same password does not.
    (await actOnJudged(context, { account, password: undefined }, request, (current) =>
      newSessions.start({ ...current, isStillGood, secondFactor: proof.kind }, client),
    ));
  if (started === undefined) {
    await attempt.failed(userId, client);
    await countFailedTry(database, hash);
    const security = { event: 'second_factor_failed', account: email, userId } as const;
    throw unauthorized('This code is wrong or was used; send a new one.', security);
  }
  await attempt.succeeded();
  const { user, sessionId, tokens } = started;
  if (proof?.kind === 'recovery_code') noteSecurity('recovery_code_used', { userId, sessionId });
  noteSecurity('session_started', { userId, sessionId });
  return { user, ...tokens };
}

function notValid(): ApiError {
  return unauthorized('This challenge is used, expired or was tried too often; log in again.');
}
