import type { Block } from '@secureconnect/contracts';
import { ApiError } from '@secureconnect/service';
import type { BlockPosition } from '../stores/blocks.ts';

/** The cursor of the page after this block. */
export function cursorOf({ created_at, user_id }: Block): string {
  return Buffer.from(`${Date.parse(created_at)} ${user_id}`).toString('base64url');
}

/** Decodes the output of `cursorOf`. Throws VALIDATION_ERROR for anything else. */
export function positionOf(cursor: string): BlockPosition {
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  const match = /^(\d{1,13}) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(text);
  const [, createdAtMs, userId] = match ?? [];
  if (createdAtMs === undefined || userId === undefined) {
    const details = [
      { field: 'query.cursor', message: 'expected the next_cursor of an earlier page' },
    ];
    throw new ApiError('VALIDATION_ERROR', 'The cursor is not valid.', { details });
  }
  return { createdAt: new Date(Number(createdAtMs)), userId };
}
