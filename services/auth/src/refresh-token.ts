import { refreshTokenPattern } from '@secureconnect/contracts';
import { hashOf, newSecret } from './secrets.ts';

/** A refresh token as the client holds it: the session it renews, and a secret. */
export interface RefreshToken {
  readonly sessionId: string;
  readonly text: string;
  readonly hash: Buffer;
}

export function newRefreshToken(sessionId: string): RefreshToken {
  const secret = newSecret();
  return { sessionId, text: `${sessionId}.${secret}`, hash: hashOf(secret) };
}

/** Undefined when the text cannot be one of ours. */
export function parseRefreshToken(text: string): RefreshToken | undefined {
  const match = refreshTokenPattern.exec(text);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  return { sessionId: match[1], text, hash: hashOf(match[2]) };
}
