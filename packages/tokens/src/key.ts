import { createHash, createSecretKey, type KeyObject } from 'node:crypto';

/** A signing key and its `kid`. */
export interface SigningKey {
  readonly id: string;
  /** Prepared: to make it of a text costs more than a verification. */
  readonly key: KeyObject;
}

/** The key of a secret. Its id is derived, so that all instances use the same id. */
export function signingKey(secret: string): SigningKey {
  const id = createHash('sha256').update(`kid:${secret}`).digest('base64url').slice(0, 12);
  return { id, key: createSecretKey(secret, 'utf8') };
}
