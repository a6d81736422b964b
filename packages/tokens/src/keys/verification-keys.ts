import { createPublicKey, type KeyObject } from 'node:crypto';
import type { Database } from '@secureconnect/postgres';
import {
  ApiError,
  gauge,
  type Logger,
  OutageLog,
  type ServiceMetrics,
} from '@secureconnect/service';
import type { JWK } from 'jose';
import { keyTimes } from './key-times.ts';

/** The algorithms of keys that have a public half. */
export type KeyAlgorithm = 'EdDSA' | 'RS256';

/** A key that verifies tokens. */
export interface VerificationKey {
  readonly keyId: string;
  readonly algorithm: KeyAlgorithm;
  /** As in the JWKS. */
  readonly publicJwk: JWK;
  readonly key: KeyObject;
  /** When it ends, in milliseconds since the epoch; Infinity for a key that is not replaced yet. */
  readonly verifiesUntilMs: number;
}

/** Finds verification keys. */
export interface KeySet {
  /**
   * The key of this id, or undefined if there is none.
   * @throws ApiError SERVICE_UNAVAILABLE if the known set is too old to say so
   */
  find(keyId: string): VerificationKey | undefined;
}

export interface VerificationKeysOptions {
  readonly database: Database;
  readonly log: Logger;
  readonly refreshMs?: number;
}

interface KeyRow {
  kid: string;
  algorithm: KeyAlgorithm;
  public_jwk: string;
  verifies_until: Date | null;
}

/** Maximum keys that are read; there are two during a rotation. */
const maxKeys = 100;

/**
 * A local copy of auth's public keys, refreshed from SQL. A key signs only when it has been
 * published for longer than the maximum age of the copy, so within that age an unknown key is
 * nobody's; beyond it no token of these keys can be judged, which is our outage.
 */
export class VerificationKeys implements KeySet {
  readonly #options: VerificationKeysOptions;
  readonly #outages: OutageLog;
  #keys: ReadonlyMap<string, VerificationKey> = new Map();
  #takenAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: VerificationKeysOptions) {
    this.#options = options;
    this.#outages = new OutageLog({
      log: options.log,
      fields: {},
      failedMessage: 'verification keys not refreshed',
      workedMessage: 'verification keys are fresh again',
    });
  }

  /** Takes the first copy; if that fails, the timer retries. */
  async start(): Promise<void> {
    try {
      await this.refreshNow();
      this.#outages.worked();
    } catch (error) {
      // Not ignored: the copy ages, and `find` throws if it is too old.
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

  find(keyId: string): VerificationKey | undefined {
    this.#refuseStale();
    const found = this.#keys.get(keyId);
    return found !== undefined && found.verifiesUntilMs > Date.now() ? found : undefined;
  }

  /** Every key that verifies, for the JWKS. Throws SERVICE_UNAVAILABLE as `find` does. */
  all(): VerificationKey[] {
    this.#refuseStale();
    return [...this.#keys.values()].filter(({ verifiesUntilMs }) => verifiesUntilMs > Date.now());
  }

  /** Takes a copy now. Rejects if SQL cannot be read or a key is malformed. */
  async refreshNow(): Promise<void> {
    const askedAt = performance.now();
    const rows = await this.#options.database.query<KeyRow>(
      `SELECT kid, algorithm, public_jwk, verifies_until FROM auth.verification_keys LIMIT ${maxKeys}`,
    );
    const keys = rows.map((row) => this.#known(row));
    if (askedAt < this.#takenAt) return;
    this.#keys = new Map(keys.map((key) => [key.keyId, key]));
    this.#takenAt = askedAt;
  }

  /** Imports a key once: an import costs more than a verification. Throws if it is malformed. */
  #known(row: KeyRow): VerificationKey {
    const { kid: keyId, algorithm } = row;
    const verifiesUntilMs = row.verifies_until?.getTime() ?? Number.POSITIVE_INFINITY;
    const known = this.#keys.get(keyId);
    if (known !== undefined) return { ...known, verifiesUntilMs };
    const publicJwk: JWK = JSON.parse(row.public_jwk);
    const key = createPublicKey({ key: publicJwk, format: 'jwk' });
    return { keyId, algorithm, publicJwk, key, verifiesUntilMs };
  }

  #refuseStale(): void {
    if (this.stalenessSeconds() <= keyTimes.maxStalenessSeconds) return;
    throw new ApiError('SERVICE_UNAVAILABLE', 'Signatures of tokens cannot be checked; retry.', {
      retryAfterSeconds: 5,
    });
  }
}

/** Creates the keys of a service, with a gauge of their age; they stop with `resources`. */
export function openVerificationKeys({
  metrics,
  resources,
  ...options
}: VerificationKeysOptions & {
  readonly metrics: ServiceMetrics;
  readonly resources: AsyncDisposableStack;
}): VerificationKeys {
  const keys = new VerificationKeys(options);
  resources.defer(() => keys.stop());
  gauge(metrics, {
    name: 'token_verification_keys_age_seconds',
    help: 'Age of the copy of the public keys that verify tokens; over 60 s it verifies none',
    read: () => keys.stalenessSeconds(),
  });
  return keys;
}
