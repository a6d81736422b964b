import { AccessTokenClaims } from '@secureconnect/contracts';
import { TokenExpired, unauthorized, type VerifyToken } from '@secureconnect/service';
import jwt from 'jsonwebtoken';
import { audience, issuer } from './claims.ts';
import { signingKey } from './key.ts';

/**
 * Verifies access tokens: algorithm, key id, signature, issuer, audience and time. Throws
 * TokenExpired for one that lacks time alone, and UNAUTHORIZED for any other.
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
      // Looked at last, by the caller, who can then say whose token it was.
      ignoreExpiration: true,
    });
  } catch {
    // Whatever it throws is about the token: of bytes that are no JSON it makes a SyntaxError.
    throw notValid();
  }
}

function notValid() {
  return unauthorized('This is not a valid access token.', { event: 'token_invalid' });
}
