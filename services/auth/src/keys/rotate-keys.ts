import { generateKeyPairSync } from 'node:crypto';
import type { Database } from '@secureconnect/postgres';
import type { KeyAlgorithm } from '@secureconnect/tokens';
import { calculateJwkThumbprint, exportJWK } from 'jose';
import {
  hasPendingKey,
  publishSigningKey,
  type RotationTimes,
  smoothRotation,
} from '../stores/signing-keys.ts';
import { createKeySealing } from './key-sealing.ts';

export interface RotationOptions {
  readonly algorithm: KeyAlgorithm;
  /** SIGNING_KEYS_SECRET. */
  readonly secret: string;
  /** Default: no request fails. */
  readonly times?: RotationTimes;
}

export interface Rotation {
  readonly keyId: string;
  readonly signsFrom: Date;
}

/**
 * Publishes a new key, which signs later, when every service knows it. Its id is the thumbprint of
 * its public half (RFC 7638). Undefined if the last rotation is not finished: a second one would
 * end a key before it has signed.
 */
export async function rotateKeys(
  database: Database,
  { algorithm, secret, times = smoothRotation }: RotationOptions,
): Promise<Rotation | undefined> {
  const { publicKey, privateKey } =
    algorithm === 'EdDSA'
      ? generateKeyPairSync('ed25519')
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = await exportJWK(publicKey);
  const keyId = await calculateJwkThumbprint(jwk);
  const publicJwk = JSON.stringify({ ...jwk, kid: keyId, alg: algorithm, use: 'sig' });
  const bytes = privateKey.export({ format: 'der', type: 'pkcs8' });
  const sealedPrivateKey = createKeySealing(secret).seal(keyId, bytes);
  const key = { keyId, algorithm, publicJwk, sealedPrivateKey };
  return database.transaction(async (sql) => {
    if (!times.endsPendingKey && (await hasPendingKey(sql))) return undefined;
    return { keyId, signsFrom: await publishSigningKey(sql, key, times) };
  });
}
