import { createPrivateKey } from 'node:crypto';
import type { Database } from '@secureconnect/postgres';
import {
  ApiError,
  gauge,
  type Logger,
  type Sealing,
  type ServiceMetrics,
} from '@secureconnect/service';
import { keyTimes, type PrivateKey, SqlCopy } from '@secureconnect/tokens';
import { importPKCS8 } from 'jose';
import { findSigningKeys, type StoredSigningKey } from '../stores/signing-keys.ts';

export interface SigningKeysOptions {
  readonly database: Database;
  readonly log: Logger;
  /** By SIGNING_KEYS_SECRET; without it no key can be read. */
  readonly sealing: Sealing | undefined;
  /** Whether tokens may be signed by HS256 while no key signs. */
  readonly acceptHs256: boolean;
  readonly refreshMs?: number;
}

interface TimedKey extends PrivateKey {
  /** By `performance.now()`. */
  readonly signsFrom: number;
}

const cannotSign = 'Tokens cannot be signed; retry.';

/**
 * The private keys of auth, refreshed from SQL. The time at which a key begins to sign is by the
 * database's clock, so all instances change together. The copy has the key that signs last first.
 */
export class SigningKeys extends SqlCopy<readonly TimedKey[]> {
  readonly #acceptHs256: boolean;

  constructor(options: SigningKeysOptions) {
    const { database, log, sealing, refreshMs = keyTimes.refreshMs } = options;
    super({
      initial: [],
      async read(known, askedAt) {
        const stored = await findSigningKeys(database);
        return Promise.all(stored.map((key) => openStored(key, { known, askedAt, sealing })));
      },
      refreshMs,
      log,
      failedMessage: 'signing keys not refreshed',
      workedMessage: 'signing keys are fresh again',
    });
    this.#acceptHs256 = options.acceptHs256;
  }

  /**
   * The key that signs now; undefined if none does and tokens may be signed by HS256.
   * @throws ApiError SERVICE_UNAVAILABLE if the known keys are too old to say, or none signs and
   * tokens of HS256 would be refused
   */
  current(): PrivateKey | undefined {
    const keys = this.fresh(keyTimes.maxStalenessSeconds, cannotSign);
    const now = performance.now();
    const current = keys.find(({ signsFrom }) => signsFrom <= now);
    if (current === undefined && !this.#acceptHs256) {
      throw new ApiError('SERVICE_UNAVAILABLE', cannotSign, { retryAfterSeconds: 5 });
    }
    return current;
  }
}

interface OpenOptions {
  readonly known: readonly TimedKey[];
  readonly askedAt: number;
  readonly sealing: Sealing | undefined;
}

async function openStored(
  { keyId, algorithm, sealedPrivateKey, signsInMs }: StoredSigningKey,
  { known, askedAt, sealing }: OpenOptions,
): Promise<TimedKey> {
  const signsFrom = askedAt + signsInMs;
  const found = known.find((key) => key.keyId === keyId);
  if (found !== undefined) return { ...found, signsFrom };
  if (sealing === undefined) throw new Error('SIGNING_KEYS_SECRET is not set, but keys exist');
  const der = sealing.open(keyId, sealedPrivateKey);
  const pem = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({
    format: 'pem',
    type: 'pkcs8',
  });
  return { keyId, algorithm, signsFrom, key: await importPKCS8(pem.toString(), algorithm) };
}

/** Starts the signing keys of auth, with a gauge of their age; they stop with `resources`. */
export async function startSigningKeys({
  metrics,
  resources,
  ...options
}: SigningKeysOptions & {
  readonly metrics: ServiceMetrics;
  readonly resources: AsyncDisposableStack;
}): Promise<SigningKeys> {
  const keys = new SigningKeys(options);
  resources.defer(() => keys.stop());
  gauge(metrics, {
    name: 'token_signing_keys_age_seconds',
    help: 'Age of the copy of the keys that sign tokens; over 60 s none is signed',
    read: () => keys.stalenessSeconds(),
  });
  await keys.start();
  return keys;
}
