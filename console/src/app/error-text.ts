import { LostReplyError, RefusedError, SignedOutError } from '@secureconnect/client';

/** What went wrong, in words for the user of the page. */
export function errorText(error: unknown): string {
  if (error instanceof RefusedError && error.isDegraded)
    return 'This has to wait: a part of the server (Redis) is down. Nothing has happened; try again later.';
  if (error instanceof RefusedError) return refusalText(error);
  if (error instanceof SignedOutError) return error.message;
  if (error instanceof LostReplyError || error instanceof TypeError)
    return 'The server cannot be reached. Check the connection, then try again.';
  if (error instanceof Error && error.name === 'NotAllowedError')
    return 'The browser did not allow it, or it was cancelled. Try again.';
  return 'Something went wrong on this page. Load it again.';
}

/** The message about a wrong request repeats one of its details, and names it by its place in JSON. */
function refusalText({ code, details, message }: RefusedError): string {
  if (code !== 'VALIDATION_ERROR' || details.length === 0) return message;
  const faults = details.map((detail) => `${fieldName(detail.field)}: ${detail.message}`);
  return `${faults.join('; ')}.`;
}

/** `body.display_name` as `Display name`. */
function fieldName(field: string): string {
  const words = field.replace(/^[a-z]+\./, '').replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
