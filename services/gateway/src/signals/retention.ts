import { type Logger, repeatEvery } from '@secureconnect/service';
import type { RemediationSink } from './sink.ts';

const intervalMs = 600_000;
const maxCount = 200;
/** The maximum per turn: 10,000 requests; the next turn continues. */
const maxBatches = 50;
const dayMs = 24 * 60 * 60_000;

/**
 * Removes requests that were closed more than `days` days ago, none for 0; returns their number.
 */
export async function removeClosed(
  sink: RemediationSink,
  days: number,
  now = Date.now(),
): Promise<number> {
  const closedBefore = new Date(days === 0 ? 0 : now - days * dayMs);
  let removed = 0;
  for (let batch = 0; batch < maxBatches; batch += 1) {
    const some = await sink.purge(closedBefore, maxCount);
    removed += some;
    if (some < maxCount) break;
  }
  return removed;
}

/** Removes them every ten minutes; returns a function that stops it. */
export function startRetention(
  sink: RemediationSink,
  days: number,
  log: Logger,
): () => Promise<void> {
  return repeatEvery({
    intervalMs,
    what: 'removing closed remediation requests',
    log,
    run: async () => {
      const removed = await removeClosed(sink, days);
      if (removed > 0) log.info({ removed }, 'removed closed remediation requests');
    },
  });
}
