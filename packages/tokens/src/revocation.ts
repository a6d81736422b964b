/** A token or a whole session that must not be accepted until it would have expired anyway. */
export interface Revocation {
  /** A `jti` or a `sid`. */
  readonly id: string;
  readonly expiresAtMs: number;
}
