import { AccessTokenClaims } from '@secureconnect/contracts';
import { type Identity, TokenExpired, type VerifyToken } from '@secureconnect/service';
import { audience } from './claims.ts';
import {
  createJwsVerifier,
  notValid,
  type SecretsOnly,
  type TokenKeys,
} from './keys/verify-jws.ts';

/**
 * Verifies access tokens: algorithm, key id, signature, issuer, audience and time. Throws or rejects
 * with TokenExpired for a token that is valid except for its time, SERVICE_UNAVAILABLE if the public
 * keys are too old to judge, and UNAUTHORIZED for any other.
 */
export function createTokenVerifier(keys: SecretsOnly): (token: string) => Identity;
export function createTokenVerifier(keys: TokenKeys): VerifyToken;
export function createTokenVerifier(keys: TokenKeys): VerifyToken {
  const verify = createJwsVerifier(keys, { audience, refusal, read: identityOf });
  return (token) => {
    const identity = verify(token);
    return identity instanceof Promise ? identity.then(refuseExpired) : refuseExpired(identity);
  };
}

function identityOf(payload: unknown): Identity {
  const parsed = AccessTokenClaims.safeParse(payload);
  if (!parsed.success) throw refusal();
  const claims = parsed.data;
  return {
    userId: claims.sub,
    sessionId: claims.sid,
    tokenId: claims.jti,
    role: claims.role,
    issuedAtMs: claims.iat * 1000,
    expiresAtMs: claims.exp * 1000,
    degraded: claims.deg === true,
  };
}

function refuseExpired(identity: Identity): Identity {
  if (identity.expiresAtMs <= Date.now()) throw new TokenExpired(identity.userId);
  return identity;
}

const refusal = (): Error => notValid('This is not a valid access token.');
