import { createHash } from 'node:crypto';

/** A signing key and its `kid`. */
export interface SigningKey {
  readonly id: string;
  readonly secret: string;
}

/** The key of a secret. Its id is derived, so that all instances use the same id. */
export function signingKey(secret: string): SigningKey {
  const id = createHash('sha256').update(`kid:${secret}`).digest('base64url').slice(0, 12);
  return { id, secret };
}
