import { type Client, concurrent } from 'cassandra-driver';

interface Entry {
  readonly conversation_id: object;
  readonly bucket: number;
  readonly event_id: object;
  readonly type: string;
  readonly from_user: object;
  readonly data: string | null;
  /** Seconds until it expires; null for never. */
  readonly lives: number | null;
  /** In microseconds. */
  readonly written: { add(more: number): object } | null;
}

const pageSize = 500;
const atOnce = 16;

/**
 * Takes out of the log what earlier versions had put into it: what messages said. Only the names of
 * the messages stay; entries expire when they would have. May be repeated.
 * @param keepGoing called before each page; throws where somebody else has taken over
 */
export async function scrubLog(client: Client, keepGoing: () => Promise<void>): Promise<void> {
  const query = `SELECT conversation_id, bucket, event_id, type, from_user, data,
      TTL(data) AS lives, WRITETIME(data) AS written FROM events`;
  let pageState: string | undefined;
  do {
    await keepGoing();
    const options = { prepare: true, fetchSize: pageSize, ...(pageState ? { pageState } : {}) };
    const page = await client.execute(query, [], options);
    const updates = (page.rows as unknown as Entry[]).flatMap(scrubbed);
    await concurrent.executeConcurrent(client, updates, {
      concurrencyLevel: atOnce,
      raiseOnFirstError: true,
    });
    pageState = page.pageState ?? undefined;
  } while (pageState !== undefined);
}

function scrubbed(entry: Entry): { query: string; params: unknown[] }[] {
  const { type, data, lives, written } = entry;
  if ((type !== 'chat' && type !== 'edited') || data === null || written === null) return [];
  const { message_id } = JSON.parse(data) as { readonly message_id: string };
  // Later than what it replaces, whatever the clock said that this was written by; and whole, so that
  // no part of it outlives another.
  return [
    {
      query: `UPDATE events USING TIMESTAMP ? AND TTL ? SET type = ?, from_user = ?, data = ?
        WHERE conversation_id = ? AND bucket = ? AND event_id = ?`,
      params: [
        written.add(1),
        lives ?? 0,
        type,
        entry.from_user,
        JSON.stringify({ message_id }),
        entry.conversation_id,
        entry.bucket,
        entry.event_id,
      ],
    },
  ];
}
