import { ApiError } from '@secureconnect/service';

/** When to retry: the store is probed every second. */
export const messagesRetryAfterSeconds = 5;

/** What clients are told while the store is down. */
export const messagesUnavailable = 'The message store is unavailable; retry.';

/** The message store could not serve a call. */
export class MessageStoreUnavailable extends ApiError {
  /** `busy` concerns this call alone: a different attempt with its id is still under way. */
  readonly fault: 'away' | 'busy';

  constructor(fault: 'away' | 'busy') {
    super('SERVICE_UNAVAILABLE', messagesUnavailable, {
      retryAfterSeconds: messagesRetryAfterSeconds,
    });
    this.fault = fault;
  }
}
