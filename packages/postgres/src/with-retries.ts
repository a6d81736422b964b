import { RetriesExhausted } from './own-limits.ts';
import { sqlState } from './sql-state.ts';
import { isNameOutdated } from './statement-names.ts';

/** As CockroachDB recommends: retries of serialization failures, with growing, jittered pauses. */
const maxAttempts = 12;
const firstPauseMs = 4;
/** All pauses together last 1.5 s on average, so that callers do not wait much longer. */
const maxPauseMs = 250;

/**
 * Repeats an attempt while the database asks for that (40001, 40P01, or a name that its session does
 * not have). No attempt begins later than `maxMs` after the first one, so all together last at most
 * as long as that and one attempt.
 * @throws the error of the attempt, or RetriesExhausted
 */
export async function withRetries<Result>(
  attempt: () => Promise<Result>,
  maxMs: number,
): Promise<Result> {
  const startedAt = performance.now();
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!mustRetry(error)) throw error;
      const tookMs = performance.now() - startedAt;
      const grownMs = Math.min(firstPauseMs * 2 ** (attempts - 1), maxPauseMs);
      const pauseMs = grownMs * (0.5 + Math.random());
      if (attempts >= maxAttempts || tookMs + pauseMs > maxMs) {
        throw new RetriesExhausted(attempts, tookMs, error);
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

function mustRetry(error: unknown): boolean {
  const code = sqlState(error);
  return code === '40001' || code === '40P01' || isNameOutdated(error);
}
