import type { Logger } from './logger.ts';

export interface Repeated {
  readonly intervalMs: number;
  /** For the log line when a run fails: `the sweep`. */
  readonly what: string;
  readonly log: Logger;
  run(): Promise<void>;
}

/**
 * Runs housekeeping again and again, one run at a time, jittered so that instances do not run in
 * step. A run that fails is logged at warn and tried again at the next turn. Returns what stops it
 * and waits for the run under way.
 */
export function repeatEvery({ intervalMs, what, log, run }: Repeated): () => Promise<void> {
  let running: Promise<void> | undefined;
  const once = async (): Promise<void> => {
    try {
      await run();
    } catch (error) {
      log.warn({ err: error }, `${what} failed; trying again later`);
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
