import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** Encrypts secrets for SQL by a setting of a service: the contents of the database alone yield none. */
export interface Sealing {
  /** Identifies the current key; each sealed secret names the key that it needs. */
  readonly currentKeyId: Buffer;
  /** Binds the result to its owner: copied into a row of a different one, it cannot be opened. */
  seal(owner: string, secret: Buffer): Buffer;
  /** @throws SealingError if it was changed, or was sealed for a different owner or by an unknown key */
  open(owner: string, sealed: Buffer): Buffer;
}

/** A sealed secret that cannot be read: the setting is not the one that it was written with. */
export class SealingError extends Error {
  override name = 'SealingError';
}

export interface SealingOptions {
  /** Keeps the keys of different uses of a setting apart. */
  readonly purpose: string;
  /** What is sealed, and the setting, for errors: `the key`, `SIGNING_KEYS_SECRET`. */
  readonly what: string;
  readonly setting: string;
  readonly secret: string;
  /** The secret before, during a rotation: it only opens. */
  readonly previousSecret?: string | undefined;
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

/** AES-256-GCM. A sealed secret is version, id of its key, nonce, ciphertext and tag. */
export function createSealing(options: SealingOptions): Sealing {
  const { purpose, what, setting, secret, previousSecret } = options;
  const current = keyOf(purpose, secret);
  const keys = previousSecret === undefined ? [current] : [current, keyOf(purpose, previousSecret)];
  return {
    currentKeyId: current.id,
    seal(owner, bytes) {
      const nonce = randomBytes(nonceBytes);
      const encryption = createCipheriv(cipher, current.bytes, nonce).setAAD(Buffer.from(owner));
      const encrypted = Buffer.concat([encryption.update(bytes), encryption.final()]);
      const header = Buffer.concat([Buffer.of(version), current.id, nonce]);
      return Buffer.concat([header, encrypted, encryption.getAuthTag()]);
    },
    open(owner, sealed) {
      const key = keys.find(({ id }) => id.equals(sealed.subarray(1, 1 + keyIdBytes)));
      if (sealed[0] !== version || key === undefined) {
        throw new SealingError(`sealed by an unknown secret: no ${setting} decrypts ${what}`);
      }
      try {
        return openWith(key, owner, sealed);
      } catch (cause) {
        throw new SealingError(`${what} was changed`, { cause });
      }
    },
  };
}

/** Throws if the bytes were changed or have a different owner. */
function openWith(key: Key, owner: string, sealed: Buffer): Buffer {
  const nonce = sealed.subarray(1 + keyIdBytes, headerBytes);
  const decryption = createDecipheriv(cipher, key.bytes, nonce, { authTagLength: tagBytes })
    .setAAD(Buffer.from(owner))
    .setAuthTag(sealed.subarray(-tagBytes));
  return Buffer.concat([
    decryption.update(sealed.subarray(headerBytes, -tagBytes)),
    decryption.final(),
  ]);
}

function keyOf(purpose: string, secret: string): Key {
  const derive = (info: string, bytes: number): Buffer =>
    Buffer.from(hkdfSync('sha256', secret, '', `secureconnect ${info}`, bytes));
  return { id: derive(`id of the ${purpose}`, keyIdBytes), bytes: derive(purpose, 32) };
}
