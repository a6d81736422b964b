export const emailChangeLimits = {
  /** How long the new address can confirm a change. */
  confirmSeconds: 86_400,
  /** How long the old address can undo it. */
  undoSeconds: 7 * 86_400,
} as const;
