import { createHmac, hkdfSync } from 'node:crypto';
import type { Part } from '../stores/live-calls.ts';

/** A user name and password for a TURN server. */
export interface TurnCredential {
  /** `EXPIRY:ID`, the expiry in seconds since 1970. */
  readonly username: string;
  readonly password: string;
}

const idBytes = 16;

/**
 * Makes the credential of one user in one call, as "A REST API For Access To TURN Services"
 * (draft-uberti-behave-turn-rest-00, 2.2) says and coturn checks with `use-auth-secret`. The scheme
 * prescribes HMAC-SHA1. The TURN server counts allocations by ID, so the ID stays the same from
 * one renewal to the next; it tells the server's log nothing of the user or the call.
 */
export function turnCredential(secret: string, part: Part, expiresAt: Date): TurnCredential {
  const expirySeconds = Math.floor(expiresAt.getTime() / 1000);
  const username = `${expirySeconds}:${opaqueId(secret, part)}`;
  return { username, password: createHmac('sha1', secret).update(username).digest('base64') };
}

/** 22 characters of base64url: coturn answers 400 to spaces, quotes and backslashes. */
function opaqueId(secret: string, { callId, userId }: Part): string {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'secureconnect turn user names', 32));
  const id = createHmac('sha256', key).update(`${callId} ${userId}`).digest();
  return id.subarray(0, idBytes).toString('base64url');
}
