import { ApiError } from '@secureconnect/service';
import type { Position } from './stores/files.ts';

/** The cursor of the page after this position. */
export function cursorOf({ createdAt, fileId }: Position): string {
  return Buffer.from(`${createdAt.getTime()} ${fileId}`).toString('base64url');
}

/** Decodes the output of `cursorOf`. Throws VALIDATION_ERROR for anything else. */
export function positionOf(cursor: string): Position {
  const text = Buffer.from(cursor, 'base64url').toString();
  const match = /^(\d{1,15}) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(text);
  const [, createdAtMs, fileId] = match ?? [];
  if (createdAtMs === undefined || fileId === undefined) {
    const details = [{ field: 'query.cursor', message: 'expected next_cursor of an earlier page' }];
    throw new ApiError('VALIDATION_ERROR', 'The cursor is not valid.', { details });
  }
  return { createdAt: new Date(Number(createdAtMs)), fileId };
}
