import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { DeviceKeys, OneTimePreKey } from '@secureconnect/contracts';

/** The raw 32 bytes of a public key, in base64. */
function raw(key: KeyObject): string {
  const { x } = key.export({ format: 'jwk' });
  if (x === undefined) throw new Error('expected a key of Curve25519');
  return Buffer.from(x, 'base64url').toString('base64');
}

const newX25519 = (): string => raw(generateKeyPairSync('x25519').publicKey);

/** Keys of a device, correctly signed. */
export function newDeviceKeys(keyId = 1): DeviceKeys {
  const signing = generateKeyPairSync('ed25519');
  const signature = (key: string): string =>
    sign(null, Buffer.from(key, 'base64'), signing.privateKey).toString('base64');
  const [identity, preKey] = [newX25519(), newX25519()];
  return {
    identity_key: identity,
    signing_key: raw(signing.publicKey),
    identity_signature: signature(identity),
    signed_pre_key: { key_id: keyId, public_key: preKey, signature: signature(preKey) },
  };
}

/** One-time pre-keys with the ids from `firstId`. */
export function newOneTimeKeys(count: number, firstId = 1): OneTimePreKey[] {
  return Array.from({ length: count }, (_, at) => ({
    key_id: firstId + at,
    public_key: newX25519(),
  }));
}
