/** What is compared, in the order of the table. */
export const wrappers = [
  'bare call',
  'degraded-mode',
  'degraded-mode, without its limit',
  'a promise with a limit, by hand',
  'a handler of errors, by hand',
  'opossum',
  'cockatiel',
] as const;
export type Wrapper = (typeof wrappers)[number];

/** What one child measures. */
export interface Task {
  readonly wrapper: Wrapper;
  readonly calls: number;
}

/** Of one call. */
export interface PortFigures {
  /** CPU time of the process, in microseconds. */
  readonly microseconds: number;
  /** Bytes that it leaves to the garbage collector. */
  readonly bytes: number;
}
