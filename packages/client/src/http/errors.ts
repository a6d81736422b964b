/** A field of the request that was wrong, and what was expected. */
export interface ErrorDetail {
  readonly field: string;
  readonly message: string;
}

export interface Refusal {
  /** Of HTTP; 0 for a frame of a socket. */
  readonly status: number;
  /** A code of the envelope, such as `NOT_FOUND`, or `SERVICE_DEGRADED`. */
  readonly code: string;
  readonly message: string;
  readonly details: readonly ErrorDetail[];
  /** Names the request in the logs of the server. */
  readonly requestId: string | undefined;
  /** How long the server asks to wait before the next attempt. */
  readonly retryAfterSeconds: number | undefined;
}

const undoneCodes = ['SERVICE_DEGRADED', 'SERVICE_UNAVAILABLE', 'RATE_LIMITED'];

/** The server has answered, with an error. */
export class RefusedError extends Error implements Refusal {
  override readonly name: string = 'RefusedError';
  readonly status: number;
  readonly code: string;
  readonly details: readonly ErrorDetail[];
  readonly requestId: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor({ status, code, message, details, requestId, retryAfterSeconds }: Refusal) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
    this.requestId = requestId;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** Whether the request had no effect for sure, and may be sent again. */
  get isUndone(): boolean {
    return undoneCodes.includes(this.code) || [429, 503].includes(this.status);
  }

  /** Whether the route refuses because the server has lost its Redis. */
  get isDegraded(): boolean {
    return this.code === 'SERVICE_DEGRADED';
  }
}

/** No reply has arrived, so nobody knows here whether the request had its effect. */
export class LostReplyError extends Error {
  override readonly name = 'LostReplyError';
}

/** Nobody is signed in, or the session has ended: sign in again. */
export class SignedOutError extends Error {
  override readonly name = 'SignedOutError';
}
