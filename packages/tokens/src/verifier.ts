import { AccessTokenClaims } from '@secureconnect/contracts';
import { unauthorized, type VerifyToken } from '@secureconnect/service';
import jwt from 'jsonwebtoken';
import { audience, issuer } from './claims.ts';
import { signingKey } from './key.ts';

/**
 * Verifies access tokens: algorithm, key id, signature, issuer, audience and time. Throws
 * UNAUTHORIZED; the message tells an expired token from any other.
 */
export function createTokenVerifier(options: { secret: string }): VerifyToken {
  const key = signingKey(options.secret);
  return (token) => {
    const claims = verifiedClaims(token, key);
    return {
      userId: claims.sub,
      sessionId: claims.sid,
      tokenId: claims.jti,
      role: claims.role,
      expiresAtMs: claims.exp * 1000,
      degraded: claims.deg === true,
    };
  };
}

function verifiedClaims(token: string, key: { id: string; secret: string }): AccessTokenClaims {
  try {
    const { header, payload } = jwt.verify(token, key.secret, {
      algorithms: ['HS256'],
      issuer,
      audience,
      complete: true,
    });
    if (header.kid !== key.id) throw notValid();
    const claims = AccessTokenClaims.safeParse(payload);
    if (!claims.success) throw notValid();
    return claims.data;
  } catch (error) {
    if (error instanceof jwt.TokenExpiredError) {
      throw unauthorized('This access token has expired. Refresh it, or log in again.');
    }
    if (error instanceof jwt.JsonWebTokenError) throw notValid();
    throw error;
  }
}

function notValid() {
  return unauthorized('This is not a valid access token.');
}
