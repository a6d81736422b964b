import type { Database } from '@secureconnect/postgres';
import type { Logger } from '@secureconnect/service';
import { removeExpired } from './stores/housekeeping.ts';

const intervalMs = 600_000;

/** Removes expired rows every ten minutes; returns what stops it. */
export function startHousekeeping(database: Database, log: Logger): () => void {
  const run = (): void => {
    removeExpired(database).catch((error: unknown) => {
      log.warn({ err: error }, 'expired rows could not be removed; trying again later');
    });
  };
  const timer = setInterval(run, intervalMs * (0.9 + 0.2 * Math.random()));
  timer.unref();
  return () => clearInterval(timer);
}
