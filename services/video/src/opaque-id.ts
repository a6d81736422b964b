import { createHmac, hkdfSync } from 'node:crypto';
import type { Part } from './stores/live-calls.ts';

const idBytes = 16;

/**
 * A pseudonym of one user in one call for one purpose: 22 characters of base64url, the same each
 * time. Without the secret it tells nothing of the user or the call.
 */
export function opaqueId(secret: string, purpose: string, { callId, userId }: Part): string {
  const key = Buffer.from(hkdfSync('sha256', secret, '', `secureconnect ${purpose}`, 32));
  const id = createHmac('sha256', key).update(`${callId} ${userId}`).digest();
  return id.subarray(0, idBytes).toString('base64url');
}
