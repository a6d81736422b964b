import { randomUUID } from 'node:crypto';
import { audience, issuer } from './claims.ts';
import { signingKey } from './key.ts';
import { type PrivateKey, signByHmac, signByKey } from './keys/sign-jws.ts';

export interface NewToken {
  readonly userId: string;
  readonly sessionId: string;
  readonly role: string;
  readonly lifetimeSeconds: number;
  /**
   * The time of issue, in milliseconds since the epoch. By the database's clock for a token of a
   * stored session, because the cutoff of tokens is by that clock. Default: now, by the clock of
   * this process.
   */
  readonly issuedAtMs?: number;
  /** Issued without Redis. */
  readonly degraded?: boolean;
  /** Whether the address of the user is verified. */
  readonly emailVerified?: boolean;
}

export interface SignedToken {
  readonly token: string;
  readonly tokenId: string;
  readonly expiresInSeconds: number;
}

/** Signs access tokens, each with a new `jti`. */
export type SignToken = (of: NewToken) => Promise<SignedToken>;

/** Signs access tokens by HS256, without waiting. */
export function createTokenSigner(options: { secret: string }): (token: NewToken) => SignedToken {
  const key = signingKey(options.secret);
  return (of) => {
    const { payload, tokenId } = claimsOf(of);
    const token = signByHmac(payload, key);
    return { token, tokenId, expiresInSeconds: of.lifetimeSeconds };
  };
}

/**
 * Signs access tokens by the current private key, and by HS256 while there is none.
 * `currentKey` throws if it cannot say which is current.
 */
export function createKeySigner(options: {
  readonly secret: string;
  readonly currentKey: () => PrivateKey | undefined;
}): SignToken {
  const byHmac = createTokenSigner(options);
  return async (of) => {
    const key = options.currentKey();
    if (key === undefined) return byHmac(of);
    const { payload, tokenId } = claimsOf(of);
    return { token: await signByKey(payload, key), tokenId, expiresInSeconds: of.lifetimeSeconds };
  };
}

function claimsOf({
  userId,
  sessionId,
  role,
  lifetimeSeconds,
  issuedAtMs = Date.now(),
  degraded,
  emailVerified,
}: NewToken) {
  const tokenId = randomUUID();
  const iat = Math.floor(issuedAtMs / 1000);
  const who = { sub: userId, sid: sessionId, role, jti: tokenId };
  const where = { iss: issuer, aud: audience, iat, exp: iat + lifetimeSeconds };
  const optional = {
    ...(degraded === true ? { deg: true } : {}),
    ...(emailVerified === undefined ? {} : { email_verified: emailVerified }),
  };
  return { tokenId, payload: { ...who, ...where, ...optional } };
}
