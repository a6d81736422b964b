import type { Database } from '@secureconnect/postgres';
import { type Logger, repeatEvery } from '@secureconnect/service';
import { removeOldReports } from '../stores/call-quality.ts';
import { liveCallCounts, takeUncountedCalls } from '../stores/ended-calls.ts';
import type { CallMetrics } from './call-metrics.ts';

const measureEveryMs = 5000;
const removeEveryMs = 600_000;

export interface MeasuringOptions {
  readonly database: Database;
  readonly metrics: CallMetrics;
  readonly log: Logger;
}

/** Counts ended and live calls, and removes old reports; returns a function that stops this. */
export function startMeasuring({ database, metrics, log }: MeasuringOptions): () => Promise<void> {
  const measure = async (): Promise<void> => {
    try {
      metrics.showLive(await liveCallCounts(database));
      for (const reason of await takeUncountedCalls(database)) metrics.ended(reason);
    } catch (error) {
      metrics.showLive(undefined);
      throw error;
    }
  };
  const remove = async (): Promise<void> => {
    await removeOldReports(database);
  };
  const stops = [
    repeatEvery({ intervalMs: measureEveryMs, what: 'counting calls', log, run: measure }),
    repeatEvery({
      ...{ intervalMs: removeEveryMs, what: 'removing old reports on calls', log },
      run: remove,
    }),
  ];
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
  };
}
