import type { Sql } from '@secureconnect/postgres';
import { type Logger, repeatEvery } from '@secureconnect/service';
import { noticesOfLast } from '../stores/call-notices.ts';
import type { UserCallNotices } from './call-notices.ts';
import type { TailMetrics } from './tail-metrics.ts';

const intervalMs = 1000;
/**
 * A notice becomes visible later than its time, by the rest of its transaction. A look goes back
 * this far before the previous one, an occasional thorough look further.
 */
const quickOverlapSeconds = 3;
const thoroughOverlapSeconds = 15;
const looksBetweenThorough = 10;

export interface CallTailOptions {
  readonly database: Sql;
  readonly notices: UserCallNotices;
  readonly log: Logger;
  readonly metrics: Pick<TailMetrics, 'broughtNotice' | 'lookedForNotices'>;
}

/**
 * Reads once a second what devices are to be told of calls and the bus did not bring: a call rings
 * for 30 s only, and no instance knows whether a different one has lost Redis. One query of one
 * index, by the clock of the database. Returns a function that stops it.
 */
export function startCallTail(options: CallTailOptions): () => Promise<void> {
  const { database, notices, log, metrics } = options;
  let looks = 0;
  /** When the last successful look began, and the last thorough one, by `performance.now()`. */
  let [lookedAt, thoroughAt] = [performance.now(), performance.now()];
  const look = async (): Promise<void> => {
    const startedAt = performance.now();
    looks += 1;
    const isThorough = looks % looksBetweenThorough === 0;
    const seconds = isThorough
      ? (startedAt - thoroughAt) / 1000 + thoroughOverlapSeconds
      : (startedAt - lookedAt) / 1000 + quickOverlapSeconds;
    for await (const page of noticesOfLast(database, seconds)) {
      for (const notice of page) if (notices.deliver(notice)) metrics.broughtNotice();
    }
    lookedAt = startedAt;
    if (isThorough) thoroughAt = startedAt;
  };
  const run = async (): Promise<void> => {
    try {
      await look();
      metrics.lookedForNotices('ok');
    } catch (error) {
      metrics.lookedForNotices('failed');
      throw error;
    }
  };
  return repeatEvery({ intervalMs, what: 'reading notices of calls', log, run });
}
