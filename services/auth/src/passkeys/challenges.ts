import { createHmac, hkdfSync } from 'node:crypto';
import type { Sql } from '@secureconnect/postgres';
import { ApiError, addressSubject } from '@secureconnect/service';
import { hashOf, newSecret } from '../secrets.ts';
import {
  type ChallengeKey,
  type ChallengePurpose,
  insertChallenge,
} from '../stores/passkey-challenges.ts';
import type { RelyingParty } from './relying-party.ts';

/** What the passkey routes use. */
export interface PasskeySettings {
  /** Undefined if the operator has not set up passkeys. */
  readonly party: RelyingParty | undefined;
  /** Names the owner of an address's challenges, in a way that nobody can reverse without the key. */
  readonly ownerOfAddress: (clientAddress: string) => string;
}

/** More than one, for several tabs. */
const maxOfSession = 5;
/** What the limit of `POST /v1/auth/passkeys/start` lets an address begin while they last. */
const maxOfAddress = 100;

export function passkeySettings(
  party: RelyingParty | undefined,
  jwtSecret: string,
): PasskeySettings {
  const key = Buffer.from(hkdfSync('sha256', jwtSecret, '', 'secureconnect passkey owner', 32));
  return {
    party,
    ownerOfAddress: (clientAddress) =>
      createHmac('sha256', key).update(addressSubject(clientAddress)).digest('base64url'),
  };
}

/** Throws NOT_FOUND if passkeys are not set up. */
export function partyOf({ party }: PasskeySettings): RelyingParty {
  if (party !== undefined) return party;
  throw new ApiError(
    'NOT_FOUND',
    'Passkeys are not set up here; the operator can do so with PASSKEY_RP_ID.',
  );
}

/** A new challenge for a sign-in from an address. */
export async function signInChallenge(sql: Sql, owner: string): Promise<string> {
  const challenge = newSecret();
  await insertChallenge(sql, { ...signInKey(challenge), owner, maxOfOwner: maxOfAddress });
  return challenge;
}

/** A new challenge for a session. */
export async function sessionChallenge(
  sql: Sql,
  purpose: Exclude<ChallengePurpose, 'sign in'>,
  sessionId: string,
): Promise<string> {
  const challenge = newSecret();
  const key = sessionKey(purpose, sessionId, challenge);
  await insertChallenge(sql, { ...key, owner: sessionId, maxOfOwner: maxOfSession });
  return challenge;
}

export function signInKey(challenge: string): ChallengeKey {
  return { hash: hashOf(challenge), purpose: 'sign in', sessionId: undefined };
}

export function sessionKey(
  purpose: Exclude<ChallengePurpose, 'sign in'>,
  sessionId: string,
  challenge: string,
): ChallengeKey {
  return { hash: hashOf(challenge), purpose, sessionId };
}
