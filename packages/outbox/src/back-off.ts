import type { RetryPolicy } from './effect.ts';

const factor = 4;

/**
 * The pause after a failed attempt, in seconds: growing, and jittered by a quarter in both
 * directions so that effects which failed together are not retried together.
 */
export function pauseSecondsAfter(
  { firstPauseSeconds, maxPauseSeconds }: RetryPolicy,
  tries: number,
  random: () => number = Math.random,
): number {
  const grown = Math.min(firstPauseSeconds * factor ** (tries - 1), maxPauseSeconds);
  return grown * (0.75 + 0.5 * random());
}
