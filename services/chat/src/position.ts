import { ApiError } from '@secureconnect/service';

/** A position in a list that is ordered by time, then by id; newest first. */
export interface Position {
  readonly at: Date;
  readonly id: string;
}

/** The start of a list, before its first entry. */
export const beginning: Position = {
  at: new Date('9999-12-31T00:00:00Z'),
  id: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
};

const nextField = { cursor: 'next_cursor', page_state: 'next_page_state' } as const;

/** A position as a cursor for clients. */
export function encodePosition({ at, id }: Position): string {
  return Buffer.from(`${at.getTime()} ${id}`).toString('base64url');
}

/**
 * Reads a cursor of `encodePosition` from the query field `field`; without one, the beginning.
 * Throws VALIDATION_ERROR for any other text. A forged position is harmless: it is only a place in
 * a list that the user may read.
 */
export function decodePosition(text: string | undefined, field: keyof typeof nextField): Position {
  if (text === undefined) return beginning;
  const plain = Buffer.from(text, 'base64url').toString('latin1');
  const match = /^(\d{1,13}) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(plain);
  const [, atMs, id] = match ?? [];
  if (atMs !== undefined && id !== undefined) return { at: new Date(Number(atMs)), id };
  const message = `expected the ${nextField[field]} of an earlier page`;
  throw new ApiError('VALIDATION_ERROR', `query.${field} ${message}`, {
    details: [{ field: `query.${field}`, message }],
  });
}

/** A page out of `limit` + 1 entries, and the position after it if there are more. */
export function toPage<Entry>(
  entries: readonly Entry[],
  limit: number,
  positionOf: (entry: Entry) => Position,
): { entries: Entry[]; next: string | null; hasMore: boolean } {
  const page = entries.slice(0, limit);
  const last = page.at(-1);
  const hasMore = entries.length > limit;
  return {
    entries: page,
    next: hasMore && last ? encodePosition(positionOf(last)) : null,
    hasMore,
  };
}
