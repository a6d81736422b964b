import { ApiError } from '@secureconnect/service';

/** A place in the list of accounts, as clients carry it: the user name of the last one. */
export function encodeNameCursor(username: string): string {
  return Buffer.from(username.toLowerCase()).toString('base64url');
}

/**
 * The name after which a page begins; the empty one is before all.
 * @throws ApiError VALIDATION_ERROR for what `encodeNameCursor` cannot have written
 */
export function decodeNameCursor(cursor: string | undefined): string {
  if (cursor === undefined) return '';
  const name = Buffer.from(cursor, 'base64url').toString('latin1');
  if (/^[a-z0-9_.-]{3,30}$/.test(name)) return name;
  const message = 'expected the next_cursor of an earlier page';
  throw new ApiError('VALIDATION_ERROR', `query.cursor ${message}`, {
    details: [{ field: 'query.cursor', message }],
  });
}
