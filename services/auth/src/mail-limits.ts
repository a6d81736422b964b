/**
 * Limits of password resets by mail. A token outlives the window of its mail, so a user who gets no
 * further mail has a valid token.
 */
export const resetLimits = {
  tokenSeconds: 3600,
} as const;

/** Maximum mails of one purpose to an address per window; further requests send nothing. */
export const mailRequestLimits = {
  mails: 3,
  windowSeconds: 3600,
} as const;
