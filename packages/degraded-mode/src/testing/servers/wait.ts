import { setTimeout as delay } from 'node:timers/promises';

export interface WaitOptions {
  readonly timeoutMs: number;
  /** The pause between two checks. Default 20. */
  readonly intervalMs?: number;
}

/** Polls until `condition` holds; false if it does not hold by the deadline. */
export async function holdsWithin(
  condition: () => boolean | Promise<boolean>,
  { timeoutMs, intervalMs = 20 }: WaitOptions,
): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() >= deadline) return false;
    await delay(intervalMs);
  }
  return true;
}
