import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits, for tokens that are looked up by their hash. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** A random secret needs no salt: nobody can guess its preimage. */
export function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Names an e-mail address where the address itself must not stand. */
export function subjectOf(email: string): string {
  return createHash('sha256').update(`email:${email}`).digest('base64url');
}
