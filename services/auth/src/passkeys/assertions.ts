import type { PasskeyAssertion } from '@secureconnect/contracts';
import type { Database, Sql } from '@secureconnect/postgres';
import { type ApiError, type Logger, unauthorized } from '@secureconnect/service';
import { type ChallengeKey, takeChallenge } from '../stores/passkey-challenges.ts';
import { findKey, recordUse, type StoredKey } from '../stores/passkeys.ts';
import type { RelyingParty } from './relying-party.ts';
import { type Signed, signedBy, WrongAnswer } from './webauthn.ts';

export interface AssertionDeps {
  readonly database: Database;
  readonly party: RelyingParty;
  readonly log: Logger;
}

/** An answer whose signature is right. Challenge and counter are not used up yet. */
export interface JudgedAssertion extends Signed {
  readonly key: StoredKey;
}

/**
 * Judges the signature of an answer, outside of any transaction. The reply is the same for an
 * unknown passkey; ids of credentials are random, so there is nothing to enumerate.
 * @param userId whose passkey it must be, if that is known
 * @throws ApiError UNAUTHORIZED
 */
export async function judgeAssertion(
  { database, party, log }: AssertionDeps,
  credential: PasskeyAssertion,
  userId?: string,
): Promise<JudgedAssertion> {
  const key = await findKey(database, Buffer.from(credential.id, 'base64url'));
  if (key === undefined || (userId !== undefined && key.userId !== userId)) {
    throw notAccepted();
  }
  try {
    return { key, ...(await signedBy(party, key, credential)) };
  } catch (error) {
    if (!(error instanceof WrongAnswer)) throw error;
    log.info({ user_id: key.userId, reason: error.message }, 'passkey refused');
    throw notAccepted(key.userId);
  }
}

/** How an answer fared in the transaction that acts on it. */
export type AssertionUse = 'used' | 'challenge is gone' | 'counter did not grow' | 'removed';

/**
 * Uses an answer up, in the transaction that acts on it: of many equal answers at any instances,
 * one is used.
 */
export async function useAssertion(
  sql: Sql,
  { key, counter, isBackedUp }: JudgedAssertion,
  challenge: ChallengeKey,
): Promise<AssertionUse> {
  if (!(await takeChallenge(sql, challenge))) return 'challenge is gone';
  const { passkeyId, userId } = key;
  return (await recordUse(sql, { passkeyId, userId, counter, isBackedUp })) ?? 'removed';
}

/** The refusal of an answer that was not used. */
export function refusalOf(use: AssertionUse | undefined, userId: string): ApiError {
  if (use !== 'counter did not grow') return notAccepted(userId);
  return unauthorized(notAcceptedMessage, { event: 'passkey_counter_refused', userId });
}

const notAcceptedMessage =
  'This passkey was not accepted, or its request has expired or was used; begin again.';

function notAccepted(userId?: string): ApiError {
  return unauthorized(notAcceptedMessage, { event: 'passkey_refused', userId });
}
