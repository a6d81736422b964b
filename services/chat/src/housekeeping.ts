import type { Database } from '@secureconnect/postgres';
import { type Logger, repeatEvery } from '@secureconnect/service';
import { sweepLatest } from './stores/latest-messages.ts';
import { sweepMembershipChanges } from './stores/membership-changes.ts';
import { sweepEvents } from './stores/postgres/events.ts';

const intervalMs = 600_000;

/** Removes expired entries from the logs every ten minutes; returns a function that stops it. */
export function startHousekeeping(database: Database, log: Logger): () => Promise<void> {
  return repeatEvery({
    intervalMs,
    what: 'removing old events',
    log,
    run: async () => {
      await sweepEvents(database);
      await sweepMembershipChanges(database);
      await sweepLatest(database);
    },
  });
}
