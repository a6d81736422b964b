import { createPublicKey, type KeyObject } from 'node:crypto';
import type { Database } from '@secureconnect/postgres';
import { gauge, type Logger, type ServiceMetrics } from '@secureconnect/service';
import type { JWK } from 'jose';
import { SqlCopy } from '../sql-copy.ts';
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
export class VerificationKeys
  extends SqlCopy<ReadonlyMap<string, VerificationKey>>
  implements KeySet
{
  constructor({ database, log, refreshMs = keyTimes.refreshMs }: VerificationKeysOptions) {
    super({
      initial: new Map(),
      read: (known) => readKeys(database, known),
      refreshMs,
      log,
      failedMessage: 'verification keys not refreshed',
      workedMessage: 'verification keys are fresh again',
    });
  }

  find(keyId: string): VerificationKey | undefined {
    const found = this.#known().get(keyId);
    return found !== undefined && found.verifiesUntilMs > Date.now() ? found : undefined;
  }

  /** Every key that verifies, for the JWKS. Throws SERVICE_UNAVAILABLE as `find` does. */
  all(): VerificationKey[] {
    return [...this.#known().values()].filter(
      ({ verifiesUntilMs }) => verifiesUntilMs > Date.now(),
    );
  }

  #known(): ReadonlyMap<string, VerificationKey> {
    const message = 'Signatures of tokens cannot be checked; retry.';
    return this.fresh(keyTimes.maxStalenessSeconds, message);
  }
}

async function readKeys(
  database: Database,
  known: ReadonlyMap<string, VerificationKey>,
): Promise<ReadonlyMap<string, VerificationKey>> {
  const rows = await database.query<KeyRow>(
    `SELECT kid, algorithm, public_jwk, verifies_until FROM auth.verification_keys LIMIT ${maxKeys}`,
  );
  const keys = rows.map((row) => readKey(row, known.get(row.kid)));
  return new Map(keys.map((key) => [key.keyId, key]));
}

/** Imports a key once: an import costs more than a verification. Throws if it is malformed. */
function readKey(row: KeyRow, known: VerificationKey | undefined): VerificationKey {
  const { kid: keyId, algorithm } = row;
  const verifiesUntilMs = row.verifies_until?.getTime() ?? Number.POSITIVE_INFINITY;
  if (known !== undefined) return { ...known, verifiesUntilMs };
  const publicJwk: JWK = JSON.parse(row.public_jwk);
  const key = createPublicKey({ key: publicJwk, format: 'jwk' });
  return { keyId, algorithm, publicJwk, key, verifiesUntilMs };
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
