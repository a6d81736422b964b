import { randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { audience, issuer } from './claims.ts';
import { signingKey } from './key.ts';

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

/** Signs access tokens (HS256), each with a new `jti`. */
export function createTokenSigner(options: { secret: string }): (token: NewToken) => SignedToken {
  const key = signingKey(options.secret);
  return ({ userId, sessionId, role, lifetimeSeconds, issuedAtMs = Date.now(), ...more }) => {
    const tokenId = randomUUID();
    const iat = Math.floor(issuedAtMs / 1000);
    const claims = { sid: sessionId, role, iat, ...optionalClaims(more) };
    const token = jwt.sign(claims, key.secret, {
      algorithm: 'HS256',
      keyid: key.id,
      issuer,
      audience,
      subject: userId,
      jwtid: tokenId,
      expiresIn: lifetimeSeconds,
    });
    return { token, tokenId, expiresInSeconds: lifetimeSeconds };
  };
}

function optionalClaims({ degraded, emailVerified }: Pick<NewToken, 'degraded' | 'emailVerified'>) {
  return {
    ...(degraded === true ? { deg: true } : {}),
    ...(emailVerified === undefined ? {} : { email_verified: emailVerified }),
  };
}
