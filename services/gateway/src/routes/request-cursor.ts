import type { RemediationRequest } from '@secureconnect/contracts';
import { ApiError } from '@secureconnect/service';
import type { RequestPosition } from '../signals/sink.ts';

/** The cursor for the page after this request. */
export function cursorOf({ receivedTime, name }: RemediationRequest): string {
  return Buffer.from(`${Date.parse(receivedTime)} ${name}`).toString('base64url');
}

/** Reads a cursor of `cursorOf`. Throws VALIDATION_ERROR for any other text. */
export function positionOf(cursor: string): RequestPosition {
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  const match = /^(\d{1,13}) ([a-z0-9-]{1,253})$/.exec(text);
  const [, receivedMs, name] = match ?? [];
  if (receivedMs === undefined || name === undefined) {
    const details = [
      { field: 'query.cursor', message: 'expected the next_cursor of an earlier page' },
    ];
    throw new ApiError('VALIDATION_ERROR', 'The cursor is not valid.', { details });
  }
  return { receivedAt: new Date(Number(receivedMs)), name };
}
