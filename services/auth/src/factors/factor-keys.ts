import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** Encrypts the secrets of authenticator apps: the contents of the database alone yield no code. */
export interface FactorKeys {
  /** Identifies the current key; each encrypted secret names the key that it needs. */
  readonly currentKeyId: Buffer;
  /** Binds the result to its user: copied into the row of a different user, it cannot be decrypted. */
  encrypt(userId: string, secret: string): Buffer;
  /** @throws FactorKeyError if it was changed, or was encrypted for a different user or by an unknown key */
  decrypt(userId: string, encrypted: Buffer): string;
}

/** An encrypted secret that cannot be read: FACTOR_SECRET is not the one that it was written with. */
export class FactorKeyError extends Error {
  override name = 'FactorKeyError';
}

const cipher = 'aes-256-gcm';
const version = 1;
const keyIdBytes = 4;
const nonceBytes = 12;
const tagBytes = 16;
const headerBytes = 1 + keyIdBytes + nonceBytes;

interface Key {
  readonly id: Buffer;
  readonly bytes: Buffer;
}

/**
 * @param secret the setting FACTOR_SECRET
 * @param previousSecret the one before, during a rotation: it only decrypts
 */
export function createFactorKeys(secret: string, previousSecret?: string): FactorKeys {
  const current = keyOf(secret);
  const keys = previousSecret === undefined ? [current] : [current, keyOf(previousSecret)];
  return {
    currentKeyId: current.id,
    encrypt(userId, text) {
      const nonce = randomBytes(nonceBytes);
      const encryption = createCipheriv(cipher, current.bytes, nonce).setAAD(boundTo(userId));
      const encrypted = Buffer.concat([encryption.update(text, 'utf8'), encryption.final()]);
      const header = Buffer.concat([Buffer.of(version), current.id, nonce]);
      return Buffer.concat([header, encrypted, encryption.getAuthTag()]);
    },
    decrypt(userId, stored) {
      const key = keys.find(({ id }) => id.equals(stored.subarray(1, 1 + keyIdBytes)));
      if (stored[0] !== version || key === undefined) {
        throw new FactorKeyError('a stored second factor needs an unknown FACTOR_SECRET');
      }
      return decryptWith(key, userId, stored);
    },
  };
}

function decryptWith(key: Key, userId: string, stored: Buffer): string {
  const nonce = stored.subarray(1 + keyIdBytes, headerBytes);
  try {
    const decryption = createDecipheriv(cipher, key.bytes, nonce, { authTagLength: tagBytes })
      .setAAD(boundTo(userId))
      .setAuthTag(stored.subarray(-tagBytes));
    const encrypted = stored.subarray(headerBytes, -tagBytes);
    return Buffer.concat([decryption.update(encrypted), decryption.final()]).toString('utf8');
  } catch (cause) {
    throw new FactorKeyError('a stored second factor was changed', { cause });
  }
}

function keyOf(secret: string): Key {
  const derive = (purpose: string, bytes: number): Buffer =>
    Buffer.from(hkdfSync('sha256', secret, '', `secureconnect ${purpose}`, bytes));
  return { id: derive('id of the factor key', keyIdBytes), bytes: derive('factor key', 32) };
}

function boundTo(userId: string): Buffer {
  return Buffer.from(`totp ${version} ${userId}`);
}
