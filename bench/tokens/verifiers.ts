import { createSecretKey, KeyObject, randomUUID } from 'node:crypto';
import {
  createKeySigner,
  createTokenVerifier,
  type KeySet,
  type PrivateKey,
} from '@secureconnect/tokens';
import { exportJWK, generateKeyPair, jwtVerify } from 'jose';
import jwt from 'jsonwebtoken';
import type { Algorithm, Verifier } from './names.ts';

const secret = 'a secret of the benchmark that is long enough';

/** Verifies a token; throws or rejects if it is not valid. */
export type Verify = (token: string) => unknown;

export interface Scene {
  /** Tokens of different sessions. */
  sign(count: number): Promise<string[]>;
  readonly verify: Verify;
}

/** A verifier as its users get it, with its key prepared, and tokens that it verifies. */
export async function openScene(algorithm: Algorithm, verifier: Verifier): Promise<Scene> {
  const pair = algorithm === 'HS256' ? undefined : await keyPair(algorithm);
  const signToken = createKeySigner({ secret, currentKey: () => pair?.privateKey });
  const sign = async (): Promise<string> => {
    const who = { userId: randomUUID(), sessionId: randomUUID(), role: 'user' };
    return (await signToken({ ...who, lifetimeSeconds: 3600, emailVerified: true })).token;
  };
  return {
    sign: (count) => Promise.all(Array.from({ length: count }, sign)),
    verify: verifierOf(verifier, algorithm, pair),
  };
}

type KeyPair = Awaited<ReturnType<typeof keyPair>>;

async function keyPair(algorithm: 'EdDSA' | 'RS256') {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const keyId = 'a key of the benchmark';
  const verification = {
    keyId,
    algorithm,
    publicJwk: await exportJWK(publicKey),
    key: KeyObject.from(publicKey),
    verifiesUntilMs: Number.POSITIVE_INFINITY,
  };
  const keySet: KeySet = { find: (id) => (id === keyId ? verification : undefined) };
  const signing: PrivateKey = { keyId, algorithm, key: privateKey };
  return { keySet, publicKey, publicKeyObject: verification.key, privateKey: signing };
}

/** Peers check what ours does of the token: algorithm, signature, issuer, audience and time. */
function verifierOf(verifier: Verifier, algorithm: Algorithm, pair: KeyPair | undefined): Verify {
  const claims = { issuer: 'secureconnect-auth', audience: 'secureconnect-api' };
  const options = { algorithms: [algorithm], ...claims };
  if (verifier === 'ours') return createTokenVerifier({ secret, ...pair });
  if (verifier === 'jose') {
    if (pair === undefined) throw new Error('jose is measured with key pairs alone');
    return (token) => jwtVerify(token, pair.publicKey, options);
  }
  if (algorithm === 'EdDSA') throw new Error('jsonwebtoken has no EdDSA');
  // A text would become such a key at every verification.
  const key = pair?.publicKeyObject ?? createSecretKey(secret, 'utf8');
  return (token) => jwt.verify(token, key, { ...options, algorithms: [algorithm] });
}
