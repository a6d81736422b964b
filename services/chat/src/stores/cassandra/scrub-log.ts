import { type Client, concurrent } from 'cassandra-driver';

interface Entry {
  readonly conversation_id: object;
  readonly bucket: number;
  readonly event_id: object;
  readonly type: string;
  readonly from_user: object;
  readonly data: string | null;
  /** Seconds until the entry expires; null for never. */
  readonly lives: number | null;
  /** The write time in microseconds. */
  readonly written: { add(more: number): object } | null;
}

const pageSize = 500;
const atOnce = 16;

/**
 * Removes the text of messages, which earlier versions wrote, from the log. Only the ids of the
 * messages stay; entries keep their expiry. Idempotent.
 * @param keepGoing called before each page; throws if a different instance has taken over
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
  // Written later than the entry that it replaces, whatever that writer's clock said; all columns
  // are written, so that they expire together.
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
