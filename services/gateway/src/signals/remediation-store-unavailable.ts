import { ApiError } from '@secureconnect/service';

/** When to retry: the store is probed every second. */
export const remediationStoreRetryAfterSeconds = 5;

/** What senders are told while the store is down. */
export const remediationStoreUnavailable =
  'The store of remediation requests is unavailable; retry.';

/** The store of remediation requests could not serve a call, which had no effect. */
export class RemediationStoreUnavailable extends ApiError {
  constructor() {
    super('SERVICE_UNAVAILABLE', remediationStoreUnavailable, {
      retryAfterSeconds: remediationStoreRetryAfterSeconds,
    });
  }
}
