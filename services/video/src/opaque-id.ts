import { createHmac, hkdfSync } from 'node:crypto';

const idBytes = 16;

/**
 * A pseudonym of somebody for one purpose: 22 characters of base64url, the same each time. Without
 * the secret it tells nothing of whom it stands for.
 */
export function opaqueId(secret: string, purpose: string, subject: string): string {
  const key = Buffer.from(hkdfSync('sha256', secret, '', `secureconnect ${purpose}`, 32));
  const id = createHmac('sha256', key).update(subject).digest();
  return id.subarray(0, idBytes).toString('base64url');
}
