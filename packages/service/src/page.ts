import { ApiError } from './http/api-error.ts';

/** A position in a list that is ordered by time and, within a millisecond, by id; newest first. */
export interface Position {
  readonly at: Date;
  readonly id: string;
}

/** Where a list begins: before everything. */
export const beginning: Position = {
  at: new Date('9999-12-31T00:00:00Z'),
  id: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
};

const nextField = { cursor: 'next_cursor', page_state: 'next_page_state' } as const;

/** The ids of a list: a store refuses a text that is not of its kind. */
const idPatterns = {
  uuid: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  /** The name of a Kubernetes object. */
  name: /^[a-z0-9.-]{1,253}$/,
} as const;

/** A position as clients carry it: opaque to them. */
export function encodePosition({ at, id }: Position): string {
  return Buffer.from(`${at.getTime()} ${id}`).toString('base64url');
}

/**
 * Reads what `encodePosition` wrote, from the query field `field`; the beginning if it is absent.
 * An invented position is harmless: its sender may read the whole list.
 * @throws ApiError VALIDATION_ERROR for anything else.
 */
export function decodePosition(
  text: string | undefined,
  field: keyof typeof nextField,
  ids: keyof typeof idPatterns = 'uuid',
): Position {
  if (text === undefined) return beginning;
  const plain = Buffer.from(text, 'base64url').toString('latin1');
  const [, atMs, id] = /^(\d{1,13}) (\S{1,253})$/.exec(plain) ?? [];
  if (atMs !== undefined && id !== undefined && idPatterns[ids].test(id)) {
    return { at: new Date(Number(atMs)), id };
  }
  const message = `expected the ${nextField[field]} of an earlier page`;
  throw new ApiError('VALIDATION_ERROR', `query.${field} ${message}`, {
    details: [{ field: `query.${field}`, message }],
  });
}

/** A page of a list. */
export interface Page<Entry> {
  readonly entries: Entry[];
  /** The cursor of the next page; null on the last one. */
  readonly next: string | null;
  readonly hasMore: boolean;
}

/**
 * Creates a page of the first `limit` entries.
 * @param found one entry more than `limit`, if there are more
 */
export function toPage<Entry>(
  found: readonly Entry[],
  limit: number,
  positionOf: (entry: Entry) => Position,
): Page<Entry> {
  const entries = found.slice(0, limit);
  const last = entries.at(-1);
  const hasMore = found.length > limit;
  const next = hasMore && last !== undefined ? encodePosition(positionOf(last)) : null;
  return { entries, next, hasMore };
}
