/** A page of a list, and where the next one begins. */
interface Page {
  readonly next_cursor: string | null;
}

/** The largest page that the server gives. */
const pageMax = 100;

/**
 * The first entries of a list.
 * @param limit the maximum of entries
 * @param read a page of at most `limit` entries after `cursor`
 */
export async function firstOf<Entry, Reply extends Page>(
  limit: number,
  read: (query: { limit: number; cursor?: string }) => Promise<Reply>,
  entriesOf: (page: Reply) => readonly Entry[],
): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  let cursor: string | null | undefined;
  do {
    const query = { limit: Math.min(pageMax, limit - entries.length) };
    const page = await read(typeof cursor === 'string' ? { ...query, cursor } : query);
    entries.push(...entriesOf(page));
    cursor = page.next_cursor;
  } while (cursor !== null && entries.length < limit);
  return entries;
}
