import { createHmac, hkdfSync } from 'node:crypto';
import { refreshTokenPattern } from '@secureconnect/contracts';
import { hashOf, newSecret } from './secrets.ts';

/** A refresh token: the session that it renews, and a secret. */
export interface RefreshToken {
  readonly sessionId: string;
  readonly text: string;
  readonly hash: Buffer;
}

/** The first token of a session; the following ones are derived. */
export function newRefreshToken(sessionId: string): RefreshToken {
  return refreshToken(sessionId, newSecret());
}

/** Undefined if the text does not have the form of a refresh token. */
export function parseRefreshToken(text: string): RefreshToken | undefined {
  const match = refreshTokenPattern.exec(text);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  return refreshToken(match[1], match[2]);
}

/** Derives the token that replaces a used one. */
export type NextRefreshToken = (used: RefreshToken, salt: Buffer) => RefreshToken;

/**
 * The next token is an HMAC over the used one and a salt, so a lost reply can be repeated although
 * only hashes are stored. A stolen token and the contents of the database do not suffice to derive
 * it: that takes the key.
 */
export function refreshTokenChain(jwtSecret: string): NextRefreshToken {
  const key = Buffer.from(
    hkdfSync('sha256', jwtSecret, '', 'secureconnect next refresh token', 32),
  );
  return (used, salt) => {
    const secret = createHmac('sha256', key).update(salt).update(used.text).digest('base64url');
    return refreshToken(used.sessionId, secret);
  };
}

function refreshToken(sessionId: string, secret: string): RefreshToken {
  return { sessionId, text: `${sessionId}.${secret}`, hash: hashOf(secret) };
}
