import { ApiError } from '@secureconnect/service';

/** When to retry: the store is probed every second. */
export const storeRetryAfterSeconds = 5;

/** The object store could not serve a call. */
export class StoreUnavailable extends ApiError {
  /** A store that is full still serves other calls. */
  readonly fault: 'away' | 'full';

  /** The driver's error, for the log; undefined for calls that were refused at once. */
  override readonly cause: unknown;

  constructor(fault: 'away' | 'full', cause?: unknown) {
    super('SERVICE_UNAVAILABLE', 'Files cannot be stored or read now; retry.', {
      retryAfterSeconds: storeRetryAfterSeconds,
    });
    this.fault = fault;
    this.cause = cause;
  }
}
