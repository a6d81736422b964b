import { createPrivateKey } from 'node:crypto';
import type { Database } from '@secureconnect/postgres';
import {
  ApiError,
  gauge,
  type Logger,
  OutageLog,
  type ServiceMetrics,
} from '@secureconnect/service';
import { keyTimes, type PrivateKey } from '@secureconnect/tokens';
import { importPKCS8 } from 'jose';
import { findSigningKeys, type StoredSigningKey } from '../stores/signing-keys.ts';
import { openKey } from './sealed-key.ts';

export interface SigningKeysOptions {
  readonly database: Database;
  readonly log: Logger;
  /** SIGNING_KEYS_SECRET; without it no key can be read. */
  readonly secret: string | undefined;
  readonly refreshMs?: number;
}

interface TimedKey extends PrivateKey {
  /** By `performance.now()`. */
  readonly signsFrom: number;
}

/**
 * The private keys of auth, refreshed from SQL. The time at which a key begins to sign is by the
 * database's clock, so all instances change together.
 */
export class SigningKeys {
  readonly #options: SigningKeysOptions;
  readonly #outages: OutageLog;
  /** The one that signs last first. */
  #keys: readonly TimedKey[] = [];
  #takenAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: SigningKeysOptions) {
    this.#options = options;
    this.#outages = new OutageLog({
      log: options.log,
      fields: {},
      failedMessage: 'signing keys not refreshed',
      workedMessage: 'signing keys are fresh again',
    });
  }

  async start(): Promise<void> {
    try {
      await this.refreshNow();
      this.#outages.worked();
    } catch (error) {
      // Not ignored: the copy ages, and nothing is signed if it is too old.
      this.#outages.failed(error);
    }
    if (this.#stopped) return;
    const { refreshMs = keyTimes.refreshMs } = this.#options;
    this.#timer = setTimeout(() => void this.start(), refreshMs * (0.9 + 0.2 * Math.random()));
    this.#timer.unref();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  stalenessSeconds(): number {
    return (performance.now() - this.#takenAt) / 1000;
  }

  /**
   * The key that signs now; undefined if none was ever published.
   * @throws ApiError SERVICE_UNAVAILABLE if the known keys are too old to say
   */
  current(): PrivateKey | undefined {
    if (this.stalenessSeconds() > keyTimes.maxStalenessSeconds) {
      throw new ApiError(
        'SERVICE_UNAVAILABLE',
        'Tokens cannot be signed; nothing was done. Retry.',
        {
          retryAfterSeconds: 5,
        },
      );
    }
    return this.#keys.find(({ signsFrom }) => signsFrom <= performance.now());
  }

  /** Takes a copy now. Rejects if SQL cannot be read, or a key cannot be decrypted. */
  async refreshNow(): Promise<void> {
    const askedAt = performance.now();
    const stored = await findSigningKeys(this.#options.database);
    const keys = await Promise.all(stored.map((key) => this.#opened(key, askedAt)));
    if (askedAt < this.#takenAt) return;
    this.#keys = keys;
    this.#takenAt = askedAt;
  }

  async #opened(stored: StoredSigningKey, askedAt: number): Promise<TimedKey> {
    const { keyId, algorithm, sealedPrivateKey, signsInMs } = stored;
    const signsFrom = askedAt + signsInMs;
    const known = this.#keys.find((key) => key.keyId === keyId);
    if (known !== undefined) return { ...known, signsFrom };
    const { secret } = this.#options;
    if (secret === undefined) throw new Error('SIGNING_KEYS_SECRET is not set, but keys exist');
    const der = openKey(sealedPrivateKey, keyId, secret);
    const pem = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({
      format: 'pem',
      type: 'pkcs8',
    });
    return { keyId, algorithm, signsFrom, key: await importPKCS8(pem.toString(), algorithm) };
  }
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
