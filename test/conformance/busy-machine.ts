import type { RedisWatch } from '../support/redis-watch.ts';
import type { Expected } from './outcome.ts';

/** What was done, to be judged against an expectation. */
export interface Done {
  readonly expected: Expected;
  /** By `performance.now()`. */
  readonly startMs: number;
  readonly endMs: number;
  /**
   * Says what is wrong, or undefined.
   * @param slowMs how long Redis was not normal, which is not a fault of the service
   */
  readonly judge: (expected: Expected, slowMs: number) => string | undefined;
}

/**
 * What is wrong on any machine. If Redis itself, asked directly, was too late for a command
 * meanwhile, or this process was, a fallback is right that would be wrong in normal operation.
 */
export async function wrongOnAnyMachine(
  watch: RedisWatch,
  { expected, startMs, endMs, judge }: Done,
): Promise<string | undefined> {
  const wrong = judge(expected, 0);
  if (wrong === undefined || expected !== 'normal') return wrong;
  await watch.answered();
  const slowMs = watch.slowMsWithin(startMs, endMs);
  return slowMs === 0 ? wrong : judge('either', slowMs);
}
