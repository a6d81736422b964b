import { createHmac, hkdfSync } from 'node:crypto';
import { refreshTokenPattern } from '@secureconnect/contracts';
import { hashOf, newSecret } from './secrets.ts';

/** A refresh token as the client holds it: the session it renews, and a secret. */
export interface RefreshToken {
  readonly sessionId: string;
  readonly text: string;
  readonly hash: Buffer;
}

/** The first token of a session; those that follow are derived. */
export function newRefreshToken(sessionId: string): RefreshToken {
  return refreshToken(sessionId, newSecret());
}

/** Undefined when the text cannot be one of ours. */
export function parseRefreshToken(text: string): RefreshToken | undefined {
  const match = refreshTokenPattern.exec(text);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  return refreshToken(match[1], match[2]);
}

/** Derives the token that takes the place of another. */
export type NextRefreshToken = (used: RefreshToken, salt: Buffer) => RefreshToken;

/**
 * The next token is an HMAC over the used one and a salt, so a reply that was lost can be given
 * again although only hashes are stored. Without the key nobody derives it: neither who has stolen
 * the used token, nor who reads the database, nor both together.
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
