import { LostReplyError, RefusedError, SignedOutError } from '@secureconnect/client';

/** What went wrong, in words for the user of the page. */
export function errorText(error: unknown): string {
  if (error instanceof RefusedError && error.isDegraded)
    return 'This has to wait: a part of the server (Redis) is down. Nothing has happened; try again later.';
  if (error instanceof RefusedError) {
    const details = error.details.map(({ field, message }) => `${field}: ${message}`).join('; ');
    return details === '' ? error.message : `${error.message} (${details})`;
  }
  if (error instanceof SignedOutError) return error.message;
  if (error instanceof LostReplyError || error instanceof TypeError)
    return 'The server cannot be reached. Check the connection, then try again.';
  if (error instanceof Error && error.name === 'NotAllowedError')
    return 'The browser did not allow it, or it was cancelled. Try again.';
  return 'Something went wrong on this page. Load it again.';
}
