import { createHmac } from 'node:crypto';
import { opaqueId } from '../opaque-id.ts';

/** A user name and password for a TURN server. */
export interface TurnCredential {
  /** `EXPIRY:ID`, the expiry in seconds since 1970. */
  readonly username: string;
  readonly password: string;
}

/**
 * Makes a credential of one user, as "A REST API For Access To TURN Services"
 * (draft-uberti-behave-turn-rest-00, 2.2) says and coturn checks with `use-auth-secret`. The scheme
 * prescribes HMAC-SHA1. The TURN server counts allocations by ID, so the ID stays the same from
 * one renewal and one call to the next: however many calls a user starts, the quota is one. It tells
 * the server's log nothing of the account, and has neither spaces, quotes nor backslashes, to which
 * coturn answers 400.
 */
export function turnCredential(secret: string, userId: string, expiresAt: Date): TurnCredential {
  const expirySeconds = Math.floor(expiresAt.getTime() / 1000);
  const username = `${expirySeconds}:${opaqueId(secret, 'turn user names', userId)}`;
  return { username, password: createHmac('sha1', secret).update(username).digest('base64') };
}
