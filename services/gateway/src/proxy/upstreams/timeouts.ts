/** The gateway's time limits for an instance. */
export interface Timeouts {
  /** For a connection. */
  readonly connectMs: number;
  /** For the head of the reply, from when the request was sent. */
  readonly headersMs: number;
  /** Between two pieces of the reply's body. */
  readonly idleMs: number;
}

export const defaultTimeouts: Timeouts = { connectMs: 1000, headersMs: 15_000, idleMs: 60_000 };
