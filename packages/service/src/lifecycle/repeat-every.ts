import type { Logger } from '../observability/logger.ts';
import { OutageLog } from '../observability/outage-log.ts';

export interface Repeated {
  readonly intervalMs: number;
  /** For the log line when a run fails: `the sweep`. */
  readonly what: string;
  readonly log: Logger;
  run(): Promise<void>;
}

/**
 * Repeats housekeeping, one run at a time, jittered so that instances do not run in step. A failed
 * run is retried at the next turn; this is logged once, and once more when a run succeeds, as
 * `OutageLog` does. Returns a function that stops it and waits for the current run.
 */
export function repeatEvery({ intervalMs, what, log, run }: Repeated): () => Promise<void> {
  let running: Promise<void> | undefined;
  const outages = new OutageLog({
    log,
    fields: {},
    failedMessage: `${what} failed; trying again later`,
    workedMessage: `${what} succeeds again`,
  });
  const once = async (): Promise<void> => {
    try {
      await run();
      outages.worked();
    } catch (error) {
      outages.failed(error);
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
