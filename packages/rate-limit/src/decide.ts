import type { Decision } from './limiter.ts';
import { type BucketCount, leavesInMs, type Window } from './window.ts';

export interface Judged {
  readonly window: Window;
  readonly nowMs: number;
  readonly limit: number;
  readonly granted: boolean;
  /** The grants in each live bucket, including this request if it was granted. */
  readonly counts: readonly BucketCount[];
  /** The amount that one more grant adds: 1, or the number of instances that grant alone. */
  readonly weight: number;
  readonly source: Decision['source'];
}

/** The sum over all buckets. */
export function totalOf(counts: readonly BucketCount[]): number {
  return counts.reduce((sum, { spent }) => sum + spent, 0);
}

/** Computes the decision about a granted or refused request from the counters. */
export function describeDecision(judged: Judged): Decision {
  const { window, nowMs, limit, granted, counts, weight, source } = judged;
  const ordered = counts.filter(({ spent }) => spent > 0).sort((a, b) => a.bucket - b.bucket);
  const newest = ordered.at(-1);
  return {
    granted,
    limit,
    remaining: Math.max(0, Math.ceil((limit - totalOf(ordered)) / weight)),
    resetSeconds: newest === undefined ? 0 : seconds(leavesInMs(window, newest.bucket, nowMs)),
    retryAfterSeconds: granted ? 0 : Math.max(1, seconds(freeInMs(judged, ordered))),
    source,
  };
}

/** Buckets expire oldest first; the one whose expiry brings the sum below the limit decides. */
function freeInMs({ window, nowMs, limit }: Judged, ordered: readonly BucketCount[]): number {
  let left = totalOf(ordered);
  for (const { bucket, spent } of ordered) {
    left -= spent;
    if (left < limit) return leavesInMs(window, bucket, nowMs);
  }
  // A limit of zero never frees anything, so the wait is a whole window.
  return window.bucketMs * window.buckets;
}

function seconds(milliseconds: number): number {
  return Math.max(0, Math.ceil(milliseconds / 1000));
}
