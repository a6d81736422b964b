import { createHmac } from 'node:crypto';
import { opaqueId } from '../opaque-id.ts';
import type { Part } from '../stores/live-calls.ts';

/** A user name and password for a TURN server. */
export interface TurnCredential {
  /** `EXPIRY:ID`, the expiry in seconds since 1970. */
  readonly username: string;
  readonly password: string;
}

/**
 * Makes the credential of one user in one call, as "A REST API For Access To TURN Services"
 * (draft-uberti-behave-turn-rest-00, 2.2) says and coturn checks with `use-auth-secret`. The scheme
 * prescribes HMAC-SHA1. The TURN server counts allocations by ID, so the ID stays the same from
 * one renewal to the next; it tells the server's log nothing of the user or the call, and has
 * neither spaces, quotes nor backslashes, to which coturn answers 400.
 */
export function turnCredential(secret: string, part: Part, expiresAt: Date): TurnCredential {
  const expirySeconds = Math.floor(expiresAt.getTime() / 1000);
  const username = `${expirySeconds}:${opaqueId(secret, 'turn user names', part)}`;
  return { username, password: createHmac('sha1', secret).update(username).digest('base64') };
}
