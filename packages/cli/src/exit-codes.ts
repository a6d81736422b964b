/** How a command ends, for scripts. The README has the same table, which a test compares. */
export const exitCodes = {
  done: 0,
  /** `degraded`: something is not normal; `doctor`: something is wrong. */
  found: 1,
  /** An unknown command or option, a missing or wrong value. */
  usage: 2,
  /** Nobody is signed in, the session has ended, or the sign-in is refused. */
  signedOut: 3,
  /** The server refuses this for good. */
  refused: 4,
  /** The server refuses this for now, and nothing has happened: try again later. */
  refusedForNow: 5,
  /** No reply: the server cannot be reached, or its reply was lost. */
  noReply: 6,
  /** A fault of this program. */
  fault: 70,
  /** Ended by Ctrl-C before it was done. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
