import { createPublicKey, verify } from 'node:crypto';
import type { DeviceKeys, OneTimePreKey } from '@secureconnect/contracts';
import { ApiError } from '@secureconnect/service';

/**
 * Points of Curve25519 of low order, little-endian: agreeing on a secret with one of them yields
 * zero (RFC 7748, 6.1).
 */
const lowOrderPoints: ReadonlySet<string> = new Set([
  `00${'00'.repeat(31)}`,
  `01${'00'.repeat(31)}`,
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  `ec${'ff'.repeat(30)}7f`,
  `ed${'ff'.repeat(30)}7f`,
  `ee${'ff'.repeat(30)}7f`,
]);

/**
 * Checks the keys of a device: both X25519 keys are usable, and the signing key has signed them.
 * @throws ApiError VALIDATION_ERROR that names the field
 */
export function checkDeviceKeys(keys: DeviceKeys): void {
  const { identity_key: identity, signed_pre_key: preKey } = keys;
  checkX25519(identity, 'body.identity_key');
  checkX25519(preKey.public_key, 'body.signed_pre_key.public_key');
  checkSignature(keys.signing_key, identity, keys.identity_signature, 'body.identity_signature');
  const field = 'body.signed_pre_key.signature';
  checkSignature(keys.signing_key, preKey.public_key, preKey.signature, field);
}

/** Checks one-time pre-keys. Throws VALIDATION_ERROR that names the field. */
export function checkOneTimeKeys(keys: readonly OneTimePreKey[]): void {
  for (const [at, { public_key: key }] of keys.entries()) {
    checkX25519(key, `body.keys[${at}].public_key`);
  }
}

function checkX25519(key: string, field: string): void {
  const bytes = Buffer.from(key, 'base64');
  // X25519 ignores the highest bit.
  bytes.writeUInt8(bytes.readUInt8(31) & 0x7f, 31);
  if (lowOrderPoints.has(bytes.toString('hex'))) {
    throw notValid(field, 'expected an X25519 public key that is not of low order');
  }
}

function checkSignature(signingKey: string, signed: string, signature: string, field: string) {
  const x = Buffer.from(signingKey, 'base64').toString('base64url');
  const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } });
  const [message, bytes] = [Buffer.from(signed, 'base64'), Buffer.from(signature, 'base64')];
  if (!verify(null, message, key, bytes)) {
    throw notValid(field, 'expected an Ed25519 signature of the raw 32 bytes, by the signing_key');
  }
}

function notValid(field: string, message: string): ApiError {
  return new ApiError('VALIDATION_ERROR', `${field} ${message}`, { details: [{ field, message }] });
}
