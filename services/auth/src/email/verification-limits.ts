export const verificationLimits = {
  /** How long the token and the code of a mail are valid. */
  expirySeconds: 86_400,
  /** Codes of a mail that are compared; its link stays valid. */
  maxCodeTries: 5,
} as const;
