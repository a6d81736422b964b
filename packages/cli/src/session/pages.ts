/** A page of a list, and where the next one begins. */
interface Page {
  readonly next_cursor: string | null;
}

/** The largest page that the server gives. */
const pageMax = 100;

type ReadPage<Reply> = (query: { limit: number; cursor?: string }) => Promise<Reply>;

/**
 * The first entries of a list.
 * @param limit the maximum of entries
 * @param read a page of at most `limit` entries after `cursor`
 * @param isLast whether an entry is the last one that is needed
 */
export async function firstOf<Entry, Reply extends Page>(
  limit: number,
  read: ReadPage<Reply>,
  entriesOf: (page: Reply) => readonly Entry[],
  isLast: (entry: Entry) => boolean = () => false,
): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  let cursor: string | null | undefined;
  do {
    const query = { limit: Math.min(pageMax, limit - entries.length) };
    const page = await read(typeof cursor === 'string' ? { ...query, cursor } : query);
    const further = entriesOf(page);
    const last = further.findIndex(isLast);
    if (last >= 0) return [...entries, ...further.slice(0, last + 1)];
    entries.push(...further);
    cursor = page.next_cursor;
  } while (cursor !== null && entries.length < limit);
  return entries;
}
