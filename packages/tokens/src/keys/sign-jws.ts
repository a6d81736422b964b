import { type CryptoKey, SignJWT } from 'jose';
import jwt from 'jsonwebtoken';
import type { SigningKey } from '../key.ts';
import type { KeyAlgorithm } from './verification-keys.ts';

/** A private key. Only auth has any. */
export interface PrivateKey {
  readonly keyId: string;
  readonly algorithm: KeyAlgorithm;
  readonly key: CryptoKey;
}

export interface Payload {
  readonly [claim: string]: unknown;
  readonly exp: number;
}

/** Signs by HS256. */
export function signByHmac(payload: Payload, { id, key }: SigningKey): string {
  return jwt.sign(payload, key, { algorithm: 'HS256', keyid: id });
}

/** Signs by a private key. */
export function signByKey(
  payload: Payload,
  { keyId, algorithm, key }: PrivateKey,
): Promise<string> {
  const header = { alg: algorithm, typ: 'JWT', kid: keyId };
  return new SignJWT({ ...payload }).setProtectedHeader(header).sign(key);
}
