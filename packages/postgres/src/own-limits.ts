/** The connections of a pool, the idle ones of these, and the calls that wait for a connection. */
export interface PoolUse {
  readonly open: number;
  readonly idle: number;
  readonly waiting: number;
}

/** The code of `NoFreeConnection`, by which its explanation is found. */
export const noFreeConnectionCode = 'NO_FREE_CONNECTION';

/**
 * A call got no connection within the time limit of the pool. The driver says "timeout exceeded when
 * trying to connect", which reads as if the server could not be reached.
 */
export class NoFreeConnection extends Error {
  override readonly name = 'NoFreeConnection';
  readonly code = noFreeConnectionCode;

  constructor(waitedMs: number, { open, idle, waiting }: PoolUse) {
    const pool = `${open} open or being opened, ${idle} idle, ${waiting} more calls waiting`;
    super(`no connection of this process became free within ${waitedMs} ms (${pool})`);
  }
}

/** A statement or transaction that the database always asked to repeat; `cause` is its last error. */
export class RetriesExhausted extends Error {
  override readonly name = 'RetriesExhausted';

  constructor(attempts: number, tookMs: number, cause: unknown) {
    super(`gave up after ${attempts} attempts in ${Math.round(tookMs)} ms`, { cause });
  }
}
