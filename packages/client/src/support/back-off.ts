export interface BackOffBounds {
  readonly firstMs: number;
  readonly maxMs: number;
}

/**
 * A random delay that grows with each failure, so that clients that lost their server at one moment
 * do not come back at one moment: "full jitter" in Marc Brooker, "Exponential Backoff And Jitter",
 * AWS Architecture Blog, 2015.
 * @param failures how many attempts have failed, at least 1
 */
export function backOffMs(failures: number, { firstMs, maxMs }: BackOffBounds): number {
  return Math.random() * Math.min(maxMs, firstMs * 2 ** Math.min(failures, 30));
}
