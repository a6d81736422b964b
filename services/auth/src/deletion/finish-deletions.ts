import type { Database } from '@secureconnect/postgres';
import { gauge, type Logger, repeatEvery, type ServiceMetrics } from '@secureconnect/service';
import { erasedParts } from '@secureconnect/tokens';
import { deletionsUnderWay, dueDeletions, erasedElsewhere } from '../stores/account-deletions.ts';
import { eraseAccount } from '../stores/personal-data.ts';
import { closeAccount } from './close-account.ts';

export interface DeletionDeps {
  readonly database: Database;
  readonly log: Logger;
  readonly metrics: ServiceMetrics;
}

const intervalMs = 3000;
/** Maximum accounts of each step per turn. */
const maxPerTurn = 20;

/**
 * Closes accounts whose grace period is over, and erases those that every other service has erased.
 * Any instance may take any step: SQL has the progress (docs/adr/0026). Returns what stops it.
 */
export function startDeletions({ database, log, metrics }: DeletionDeps): () => Promise<void> {
  let measured = { count: 0, oldestSeconds: 0 };
  gauge(metrics, {
    name: 'auth_account_deletions_under_way',
    help: 'Accounts whose erasure has begun and is not finished',
    read: () => measured.count,
  });
  gauge(metrics, {
    name: 'auth_account_deletion_oldest_seconds',
    help: 'Seconds since the oldest unfinished erasure of an account began',
    read: () => measured.oldestSeconds,
  });
  const run = async (): Promise<void> => {
    for (const userId of await dueDeletions(database, maxPerTurn)) {
      await database.transaction((sql) => closeAccount(sql, userId));
      log.info({ user_id: userId }, 'account closed; erasing it');
    }
    for (const userId of await erasedElsewhere(database, erasedParts, maxPerTurn)) {
      await eraseAccount(database, userId);
      log.info('account erased');
    }
    measured = await deletionsUnderWay(database);
  };
  return repeatEvery({ intervalMs, what: 'deleting accounts', log, run });
}
