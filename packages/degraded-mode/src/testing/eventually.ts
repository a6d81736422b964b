import { setTimeout as delay } from 'node:timers/promises';

export interface EventuallyOptions {
  /** Default 5000. */
  readonly timeoutMs?: number;
  /** The pause between two attempts. Default 20. */
  readonly intervalMs?: number;
}

/**
 * Repeats `check` until it does not throw, and returns its result.
 * @throws the last error of `check` if it still fails at the deadline.
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  { timeoutMs = 5000, intervalMs = 20 }: EventuallyOptions = {},
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() >= deadline) throw error;
    }
    await delay(intervalMs);
  }
}
