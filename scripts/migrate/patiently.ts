import { setTimeout as delay } from 'node:timers/promises';

export interface Patience {
  /** After so long the failure stands. 0: the first one does. */
  readonly waitSeconds: number;
  /** Whether it is one that time may cure. */
  readonly isPassing: (error: unknown) => boolean;
  /** Told of every failure that is followed by another try. */
  readonly onFailure: (error: unknown) => void;
  /** Between two tries, default 1000. */
  readonly intervalMs?: number;
}

/** Does what may fail while a server is starting, again until it succeeds or the time is up. */
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
