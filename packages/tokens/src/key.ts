import { createHash } from 'node:crypto';

/** A signing key and the `kid` that tokens name it by. */
export interface SigningKey {
  readonly id: string;
  readonly secret: string;
}

/** The key of a secret. Its id is derived, so that every instance gives it the same one. */
export function signingKey(secret: string): SigningKey {
  const id = createHash('sha256').update(`kid:${secret}`).digest('base64url').slice(0, 12);
  return { id, secret };
}
