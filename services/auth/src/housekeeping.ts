import type { Database } from '@secureconnect/postgres';
import { type Logger, repeatEvery } from '@secureconnect/service';
import { removeExpired } from './stores/housekeeping.ts';

const intervalMs = 600_000;

/** Removes expired rows every ten minutes; returns a function that stops this. */
export function startHousekeeping(database: Database, log: Logger): () => Promise<void> {
  return repeatEvery({
    intervalMs,
    what: 'removal of expired rows',
    log,
    run: () => removeExpired(database),
  });
}
