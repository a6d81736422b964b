import { isDatabaseOutage } from '@secureconnect/postgres';
import type { Logger } from '../observability/logger.ts';
import { OutageLog } from '../observability/outage-log.ts';

export interface Repeated {
  readonly intervalMs: number;
  /** For the log line when a run fails: `the sweep`. */
  readonly what: string;
  readonly log: Logger;
  run(): Promise<void>;
}

/** One for each service: while the database is down, all of its housekeeping fails. */
const withoutDatabase = new WeakMap<Logger, OutageLog>();

function databaseOutages(log: Logger): OutageLog {
  const known = withoutDatabase.get(log);
  if (known !== undefined) return known;
  const outages = new OutageLog({
    log,
    fields: { dependency: 'database' },
    failedMessage: 'housekeeping waits for the database',
    workedMessage: 'housekeeping goes on',
  });
  withoutDatabase.set(log, outages);
  return outages;
}

/**
 * Repeats housekeeping, one run at a time, jittered so that instances do not run in step. A failed
 * run is retried at the next turn; this is logged once, and once more when a run succeeds; where the
 * database is down, once for all that is repeated with the same log. Returns a function that stops
 * it and waits for the current run.
 */
export function repeatEvery({ intervalMs, what, log, run }: Repeated): () => Promise<void> {
  let running: Promise<void> | undefined;
  const outages = new OutageLog({
    log,
    fields: {},
    failedMessage: `${what} failed; trying again later`,
    workedMessage: `${what} succeeds again`,
  });
  let lacksDatabase = false;
  const once = async (): Promise<void> => {
    try {
      await run();
      outages.worked();
      if (lacksDatabase) databaseOutages(log).worked();
      lacksDatabase = false;
    } catch (error) {
      lacksDatabase = isDatabaseOutage(error);
      if (lacksDatabase) databaseOutages(log).failed(error, { what });
      else outages.failed(error);
    }
  };
  const turn = (): void => {
    running ??= once().finally(() => {
      running = undefined;
    });
  };
  const timer = setInterval(turn, intervalMs * (0.9 + 0.2 * Math.random()));
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
