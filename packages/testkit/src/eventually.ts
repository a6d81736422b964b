import { setTimeout as delay } from 'node:timers/promises';

export interface EventuallyOptions {
  /** Default 5000. */
  readonly timeoutMs?: number;
  /** Between two attempts, default 20. */
  readonly intervalMs?: number;
}

/**
 * Repeats `check` until it does not throw, and returns what it returns.
 * @throws the last failure of `check`, when it still fails at the deadline.
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
