/**
 * A sliding window of sub-buckets. Requests are counted in buckets of `bucketMs`; a decision covers
 * the current bucket and the `buckets` before it. That is up to one bucket more than the window, so
 * no window of `bucketMs * buckets` ever exceeds the limit.
 */
export interface Window {
  readonly bucketMs: number;
  readonly buckets: number;
}

/** The count of one bucket. */
export interface BucketCount {
  /** The bucket's number: its start in milliseconds since the epoch, divided by `bucketMs`. */
  readonly bucket: number;
  readonly spent: number;
}

/** Sixty seconds in steps of five. */
export const minute: Window = { bucketMs: 5000, buckets: 12 };

/** The bucket of a time (milliseconds since the epoch). */
export function bucketAt(window: Window, timeMs: number): number {
  return Math.floor(timeMs / window.bucketMs);
}

/**
 * Whether a bucket still counts. A future bucket (different clocks, a clock set back) counts too,
 * unless it would lock a subject out for longer than a window.
 */
export function isLive(window: Window, bucket: number, current: number): boolean {
  return Math.abs(current - bucket) <= window.buckets;
}

/** Milliseconds until a bucket no longer counts. */
export function leavesInMs(window: Window, bucket: number, nowMs: number): number {
  return (bucket + window.buckets + 1) * window.bucketMs - nowMs;
}

/** How long the counters of a key are needed. */
export function retentionMs(window: Window): number {
  return (window.buckets + 2) * window.bucketMs;
}
