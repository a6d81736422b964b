import { setTimeout as delay } from 'node:timers/promises';

export interface Patience {
  /** The time limit for retries; with 0 the first failure is final. */
  readonly waitSeconds: number;
  /** Whether a retry may succeed after this failure. */
  readonly isPassing: (error: unknown) => boolean;
  /** Is called with every failure that is retried. */
  readonly onFailure: (error: unknown) => void;
  /** The pause between two attempts. Default 1000. */
  readonly intervalMs?: number;
}

/** Runs `work`, which may fail while a server is starting, until it succeeds or time is up. */
export async function patiently<T>(work: () => Promise<T>, patience: Patience): Promise<T> {
  const { waitSeconds, isPassing, onFailure, intervalMs = 1000 } = patience;
  const deadline = performance.now() + waitSeconds * 1000;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error) || performance.now() + intervalMs > deadline) throw error;
      onFailure(error);
    }
    await delay(intervalMs);
  }
}
