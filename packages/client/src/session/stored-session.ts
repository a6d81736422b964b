import type { Schemas } from '../http/routes.ts';
import type { Store } from '../stores/store.ts';

/** The session of the signed-in user, as it is kept. */
export interface StoredSession {
  readonly userId: string;
  readonly accessToken: string;
  /** Empty where the server could not give one without its Redis. */
  readonly refreshToken: string;
  /** By the clock of this device, in milliseconds since 1970; a wrong clock costs one request. */
  readonly expiresAtMs: number;
}

const key = 'session';

export function sessionOf({
  user,
  access_token: accessToken,
  refresh_token: refreshToken,
  expires_in: expiresInSeconds,
}: Schemas['Tokens']): StoredSession {
  const expiresAtMs = Date.now() + expiresInSeconds * 1000;
  return { userId: user.user_id, accessToken, refreshToken, expiresAtMs };
}

export async function readSession(store: Store): Promise<StoredSession | undefined> {
  const text = await store.get(key);
  return text === undefined ? undefined : (JSON.parse(text) as StoredSession);
}

export function writeSession(store: Store, session: StoredSession): Promise<void> {
  return store.set(key, JSON.stringify(session));
}

export function deleteSession(store: Store): Promise<void> {
  return store.delete(key);
}
