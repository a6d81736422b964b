/** Who a bearer token speaks for. */
export interface Identity {
  readonly userId: string;
  readonly sessionId: string;
  readonly tokenId: string;
  readonly role: string;
  /** When the token was issued, in milliseconds since the epoch; the beginning of that second. */
  readonly issuedAtMs: number;
  /** When the token ends, in milliseconds since the epoch. */
  readonly expiresAtMs: number;
  /** A token that was given out without Redis: short-lived and without a refresh token. */
  readonly degraded: boolean;
}

/**
 * Verifies a token's signature and claims; a promise for algorithms with a public key. Throws or
 * rejects with ApiError UNAUTHORIZED, or SERVICE_UNAVAILABLE if it cannot be judged.
 */
export type VerifyToken = (token: string) => Identity | Promise<Identity>;

/** The port that a bearer check uses in a service with Redis, named `revocations`. */
export interface RevocationCheck {
  isRevoked(identity: Identity): Promise<boolean>;
}
