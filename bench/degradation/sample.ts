/**
 * How a request ended: `redis` normally, `local`, `insurance` or `none` without Redis, a status
 * other than 200, the code of a broken connection, or `hung` after the time-out.
 */
export type Outcome = string;

/** One request as the load generator saw it. */
export interface Sample {
  /** When it was due, milliseconds since the epoch. */
  readonly dueMs: number;
  /** From when it was due until its reply was read, or it was given up. */
  readonly latencyMs: number;
  readonly outcome: Outcome;
}

/** A request without a reply after this time counts as hung. */
export const hungAfterMs = 5000;
export const subjects = 1000;

const withoutRedis = new Set<Outcome>(['local', 'insurance', 'none']);

export function isNormal({ outcome }: Sample): boolean {
  return outcome === 'redis';
}

/** Ended without Redis, in an answer or in an error: not where only the client gave up. */
export function isNotNormal(sample: Sample): boolean {
  return !isNormal(sample) && sample.outcome !== 'hung';
}

/** Answered with 200, by Redis or by what stands in for it. */
export function isAnswered(sample: Sample): boolean {
  return isNormal(sample) || withoutRedis.has(sample.outcome);
}
