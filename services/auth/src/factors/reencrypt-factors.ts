import type { Database } from '@secureconnect/postgres';
import {
  gauge,
  type Logger,
  repeatEvery,
  SealingError,
  type ServiceMetrics,
} from '@secureconnect/service';
import { findFactorsOfOtherKeys, replaceEncryptedSecret } from '../stores/totp-factors.ts';
import type { FactorKeys } from './factor-keys.ts';

const intervalMs = 600_000;
const batchSize = 100;
const beforeAllUsers = '00000000-0000-0000-0000-000000000000';

/**
 * Encrypts every factor by the current key that the previous one had encrypted. Idempotent, and safe
 * on several instances at once. Returns the number of factors that no known key decrypts.
 */
export async function reencryptFactors(
  database: Database,
  factorKeys: FactorKeys,
  log: Logger,
): Promise<number> {
  let unreadable = 0;
  for (let after = beforeAllUsers; ; ) {
    const { currentKeyId } = factorKeys;
    const batch = await findFactorsOfOtherKeys(database, { currentKeyId, after, limit: batchSize });
    for (const { userId, encryptedSecret: former } of batch) {
      try {
        const next = factorKeys.encrypt(userId, factorKeys.decrypt(userId, former));
        await replaceEncryptedSecret(database, userId, { former, next });
      } catch (error) {
        if (!(error instanceof SealingError)) throw error;
        unreadable += 1;
      }
    }
    const last = batch.at(-1);
    if (last === undefined) break;
    after = last.userId;
  }
  if (unreadable > 0) log.warn({ unreadable }, 'second factors cannot be decrypted');
  return unreadable;
}

export interface ReencryptionDeps {
  readonly database: Database;
  readonly factorKeys: FactorKeys;
  readonly log: Logger;
  readonly metrics: ServiceMetrics;
}

/** During a rotation of FACTOR_SECRET: encrypts factors anew every ten minutes, until it is stopped. */
export function startReencryption({
  database,
  factorKeys,
  log,
  metrics,
}: ReencryptionDeps): () => Promise<void> {
  // Unknown until the first run has ended.
  let left = Number.NaN;
  gauge(metrics, {
    name: 'auth_second_factors_of_other_secrets',
    help: 'Second factors that are not encrypted by FACTOR_SECRET',
    read: () => left,
  });
  const run = async (): Promise<void> => {
    left = await reencryptFactors(database, factorKeys, log);
  };
  return repeatEvery({ intervalMs, what: 'encrypting second factors anew', log, run });
}
