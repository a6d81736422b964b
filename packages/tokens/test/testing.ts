/** What tests outside this package use: `@secureconnect/tokens/testing`. */
import { randomUUID } from 'node:crypto';
import { createTokenSigner } from '../src/index.ts';

/** What every service of a test signs and checks tokens with. */
export const jwtSecret = 'a secret of the tests that is long enough';

const sign = createTokenSigner({ secret: jwtSecret });

export interface TestUser {
  readonly userId: string;
  readonly sessionId: string;
  readonly token: string;
}

/** A user with a token, as auth would have signed it. */
export function someone(lifetimeSeconds?: number): TestUser {
  const ids = { userId: randomUUID(), sessionId: randomUUID() };
  return { ...ids, token: tokenOf(ids, lifetimeSeconds) };
}

/** An access token of a user, as auth would sign it. */
export function tokenOf(
  { userId, sessionId }: Pick<TestUser, 'userId' | 'sessionId'>,
  lifetimeSeconds = 900,
): string {
  return sign({ userId, sessionId, role: 'user', lifetimeSeconds }).token;
}
