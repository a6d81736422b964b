import { createECDH } from 'node:crypto';

/**
 * Whether the endpoint of a subscription is https, at an allowed host, and on its default port
 * unless the list names a different one. Clients choose endpoints, so without this list they could
 * have requests sent to any address that this service reaches.
 */
export function isAllowedEndpoint(endpoint: string, hosts: readonly string[]): boolean {
  if (!URL.canParse(endpoint)) return false;
  const { protocol, host, username, password } = new URL(endpoint);
  if (protocol !== 'https:' || username !== '' || password !== '') return false;
  return hosts.some((allowed) =>
    allowed.startsWith('*.') ? host.endsWith(allowed.slice(1)) : host === allowed,
  );
}

/** Whether a key is a point of P-256: encryption would fail otherwise, at every push. */
export function isPublicKey(p256dh: string): boolean {
  const own = createECDH('prime256v1');
  own.generateKeys();
  try {
    own.computeSecret(Buffer.from(p256dh, 'base64url'));
    return true;
  } catch {
    return false;
  }
}
