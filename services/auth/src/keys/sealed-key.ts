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

function sealingKey(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'secureconnect signing keys', 32));
}
