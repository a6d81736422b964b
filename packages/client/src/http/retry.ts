import { backOffMs } from '../support/back-off.ts';
import { delay } from '../support/delay.ts';
import { LostReplyError, RefusedError } from './errors.ts';

export interface RetryOptions {
  /** How long attempts go on after the first one, in milliseconds; 0 for one attempt. */
  readonly retryForMs: number;
  /** Whether the request may be sent again though it may have had its effect. */
  readonly isRepeatable: boolean;
  readonly signal: AbortSignal;
}

const bounds = { firstMs: 250, maxMs: 10_000 };

/**
 * Repeats an attempt where that can do no harm: after a 503 or a 429, which say that nothing has
 * happened, and, if the request is repeatable, after a reply that was lost and a 502 or 504. Waits as
 * long as the server asks, or longer each time.
 * @throws what the last attempt has thrown
 */
export async function withRetries<Result>(
  attempt: () => Promise<Result>,
  { retryForMs, isRepeatable, signal }: RetryOptions,
): Promise<Result> {
  const endsAt = performance.now() + retryForMs;
  for (let failures = 1; ; failures += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!mayRepeat(error, isRepeatable)) throw error;
      const pauseMs = Math.max(askedMs(error), backOffMs(failures, bounds));
      if (performance.now() + pauseMs > endsAt) throw error;
      await delay(pauseMs, signal);
    }
  }
}

function mayRepeat(error: unknown, isRepeatable: boolean): boolean {
  if (error instanceof LostReplyError) return isRepeatable;
  if (!(error instanceof RefusedError)) return false;
  return error.isUndone || (isRepeatable && [502, 504].includes(error.status));
}

/** What the server asks for, and up to a quarter more, as others wait for the same moment. */
function askedMs(error: unknown): number {
  const seconds = error instanceof RefusedError ? error.retryAfterSeconds : undefined;
  return (seconds ?? 0) * 1000 * (1 + Math.random() / 4);
}
