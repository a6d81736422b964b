/**
 * Password resets by mail. The mails of a window are all good until it ends and longer, so whoever
 * gets no further one has one to use.
 */
export const resetLimits = {
  tokenSeconds: 3600,
  /** Mails to one address in a window; further requests are accepted and send nothing. */
  mails: 3,
  windowSeconds: 3600,
} as const;
