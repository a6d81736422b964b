import { LostReplyError, RefusedError, SignedOutError } from '@secureconnect/client';

/** What went wrong, in words for whoever uses the page. */
export function errorText(error: unknown): string {
  if (error instanceof RefusedError) {
    const details = error.details.map(({ field, message }) => `${field}: ${message}`).join('; ');
    return details === '' ? error.message : `${error.message} (${details})`;
  }
  if (error instanceof SignedOutError) return 'Your session has ended. Sign in again.';
  if (error instanceof LostReplyError || error instanceof TypeError)
    return 'The server cannot be reached. Check the connection, then try again.';
  return 'Something went wrong on this page. Load it again.';
}
