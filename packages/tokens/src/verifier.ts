import { AccessTokenClaims } from '@secureconnect/contracts';
import { TokenExpired, unauthorized, type VerifyToken } from '@secureconnect/service';
import jwt from 'jsonwebtoken';
import { audience, issuer } from './claims.ts';
import { signingKey } from './key.ts';

/**
 * Verifies access tokens: algorithm, key id, signature, issuer, audience and time. Throws
 * TokenExpired for a token that is valid except for its time, and UNAUTHORIZED for any other.
 */
export function createTokenVerifier(options: { secret: string }): VerifyToken {
  const key = signingKey(options.secret);
  return (token) => {
    const claims = verifiedClaims(token, key);
    if (claims.exp * 1000 <= Date.now()) throw new TokenExpired(claims.sub);
    return {
      userId: claims.sub,
      sessionId: claims.sid,
      tokenId: claims.jti,
      role: claims.role,
      issuedAtMs: claims.iat * 1000,
      expiresAtMs: claims.exp * 1000,
      degraded: claims.deg === true,
    };
  };
}

function verifiedClaims(token: string, key: { id: string; secret: string }): AccessTokenClaims {
  const { header, payload } = verified(token, key.secret);
  const claims = AccessTokenClaims.safeParse(payload);
  if (header.kid !== key.id || !claims.success) throw notValid();
  return claims.data;
}

function verified(token: string, secret: string): jwt.Jwt {
  try {
    return jwt.verify(token, secret, {
      algorithms: ['HS256'],
      issuer,
      audience,
      complete: true,
      // The caller checks it last, so that it can name the user of an expired token.
      ignoreExpiration: true,
    });
  } catch {
    // Every error concerns the token; for invalid JSON it is a SyntaxError.
    throw notValid();
  }
}

function notValid() {
  return unauthorized('This is not a valid access token.', { event: 'token_invalid' });
}
