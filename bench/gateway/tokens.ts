import { randomUUID } from 'node:crypto';
import { createTokenSigner } from '@secureconnect/tokens';

/** Access tokens of this many users. */
export function tokensOf(count: number, secret: string): string[] {
  const sign = createTokenSigner({ secret });
  return Array.from({ length: count }, () => {
    const identity = { userId: randomUUID(), sessionId: randomUUID(), role: 'user' };
    return sign({ ...identity, lifetimeSeconds: 3600, emailVerified: true }).token;
  });
}
