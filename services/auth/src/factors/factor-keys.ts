import { createSealing } from '@secureconnect/service';

/** Encrypts the secrets of authenticator apps. Throws as `Sealing` does. */
export interface FactorKeys {
  readonly currentKeyId: Buffer;
  encrypt(userId: string, secret: string): Buffer;
  /** @throws SealingError */
  decrypt(userId: string, encrypted: Buffer): string;
}

/**
 * @param secret the setting FACTOR_SECRET
 * @param previousSecret the one before, during a rotation: it only decrypts
 */
export function createFactorKeys(secret: string, previousSecret?: string): FactorKeys {
  const sealing = createSealing({
    purpose: 'factor key',
    what: 'the second factor',
    setting: 'FACTOR_SECRET',
    secret,
    previousSecret,
  });
  return {
    currentKeyId: sealing.currentKeyId,
    encrypt: (userId, text) => sealing.seal(ownerOf(userId), Buffer.from(text)),
    decrypt: (userId, stored) => sealing.open(ownerOf(userId), stored).toString('utf8'),
  };
}

function ownerOf(userId: string): string {
  return `totp ${userId}`;
}
