import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Encrypts a private key by AES-256-GCM under a key derived from `secret`; bound to its id, so that
 * one row's key cannot be put into another. The result is nonce, tag and ciphertext.
 */
export function sealKey(privateKey: Buffer, keyId: string, secret: string): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, sealingKey(secret), nonce).setAAD(Buffer.from(keyId));
  const sealed = Buffer.concat([cipher.update(privateKey), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

/** Throws if `secret` or `keyId` is a different one, or the bytes were changed. */
export function openKey(sealed: Buffer, keyId: string, secret: string): Buffer {
  const nonce = sealed.subarray(0, nonceBytes);
  const tag = sealed.subarray(nonceBytes, nonceBytes + tagBytes);
  const decipher = createDecipheriv(algorithm, sealingKey(secret), nonce, {
    authTagLength: tagBytes,
  });
  decipher.setAAD(Buffer.from(keyId)).setAuthTag(tag);
  return Buffer.concat([decipher.update(sealed.subarray(nonceBytes + tagBytes)), decipher.final()]);
}

/** Opens a key by the secret that it was sealed with. Throws if that is none of these. */
export function openKeyByAny(sealed: Buffer, keyId: string, secrets: readonly string[]): Buffer {
  for (const secret of secrets) {
    try {
      return openKey(sealed, keyId, secret);
    } catch {
      // Sealed with a different one, or changed: the error below says so.
    }
  }
  throw new Error(`no SIGNING_KEYS_SECRET decrypts the key ${keyId}`);
}

function sealingKey(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'secureconnect signing keys', 32));
}
