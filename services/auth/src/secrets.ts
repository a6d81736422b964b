import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits, for tokens that are stored as hashes. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** A random secret needs no salt: nobody can guess its preimage. */
export function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Identifies an e-mail address without revealing it. */
export function subjectOf(email: string): string {
  return createHash('sha256').update(`email:${email}`).digest('base64url');
}
