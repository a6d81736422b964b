import type { Database } from '@secureconnect/postgres';
import { type Logger, repeatEvery } from '@secureconnect/service';
import { writeMessagePushes } from '../stores/message-pushes.ts';

const intervalMs = 1000;
/** A message becomes visible later than its time, by the rest of its transaction. */
const overlapSeconds = 15;
/** After a start: what was said while no instance was there. */
const firstSeconds = 600;

/**
 * Looks once a second for messages to push, in a view of chat. Any instance does, and each push is
 * written once, because SQL decides. Returns a function that stops this.
 */
export function startMessageTail(database: Database, log: Logger): () => Promise<void> {
  /** When the last look that found all began, by `performance.now()`. */
  let lookedAt = performance.now() - firstSeconds * 1000;
  const run = async (): Promise<void> => {
    const startedAt = performance.now();
    const seconds = (startedAt - lookedAt) / 1000 + overlapSeconds;
    while ((await writeMessagePushes(database, seconds)) > 0);
    lookedAt = startedAt;
  };
  return repeatEvery({ intervalMs, what: 'reading messages to push', log, run });
}
