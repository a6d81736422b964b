import type { CassandraConnection } from './connection.ts';

/** So many written buckets are remembered; forgetting one costs a write that changes nothing. */
const rememberedMax = 20_000;
/** So many buckets are asked for at a time. */
const pageSize = 64;
/** So many buckets are read at once, where the ones before had too little in them. */
const maxGroupSize = 8;

/** Which days of a conversation have messages: where to read on when one is exhausted. */
export class BucketIndex {
  readonly #connection: CassandraConnection;
  readonly #written = new Set<string>();

  constructor(connection: CassandraConnection) {
    this.#connection = connection;
  }

  /** To be called before a message is stored: a bucket that is not noted is never read. */
  async note(conversationId: string, bucket: number): Promise<void> {
    const key = `${conversationId} ${bucket}`;
    if (this.#written.has(key)) return;
    await this.#connection.query({
      query: 'INSERT INTO message_buckets (conversation_id, bucket) VALUES (?, ?)',
      params: [conversationId, bucket],
    });
    const [oldest] = this.#written;
    if (this.#written.size >= rememberedMax && oldest !== undefined) this.#written.delete(oldest);
    this.#written.add(key);
  }

  /**
   * Reads the buckets from `newest` down until they have given `limit` entries, or there is none
   * left. A page costs as much at the end of a long history as at its beginning.
   */
  async collect<Entry>(
    { conversationId, newest, oldest = Number.NEGATIVE_INFINITY, limit }: Walk,
    read: (bucket: number, limit: number) => Promise<readonly Entry[]>,
  ): Promise<Entry[]> {
    const found: Entry[] = [];
    // The first bucket is mostly enough; where days have few messages, several are read at once.
    let width = 1;
    for await (const buckets of this.#from(conversationId, newest)) {
      const wanted = buckets.filter((bucket) => bucket >= oldest);
      for (let at = 0; at < wanted.length; ) {
        const group = wanted.slice(at, at + width);
        const missing = limit - found.length;
        found.push(...(await Promise.all(group.map((bucket) => read(bucket, missing)))).flat());
        if (found.length >= limit) return found.slice(0, limit);
        at += group.length;
        width = Math.min(2 * width, maxGroupSize);
      }
      if (wanted.length < buckets.length) break;
    }
    return found;
  }

  async *#from(conversationId: string, newest: number): AsyncGenerator<number[]> {
    for (let next = newest; ; ) {
      const rows = await this.#connection.query<{ bucket: number }>({
        query: `SELECT bucket FROM message_buckets
          WHERE conversation_id = ? AND bucket <= ? LIMIT ${pageSize}`,
        params: [conversationId, next],
      });
      const buckets = rows.map(({ bucket }) => bucket);
      const last = buckets.at(-1);
      if (last === undefined) return;
      yield buckets;
      if (buckets.length < pageSize) return;
      next = last - 1;
    }
  }
}

/** Which buckets to read, the newest first, and how much is wanted of them. */
export interface Walk {
  readonly conversationId: string;
  readonly newest: number;
  readonly oldest?: number;
  readonly limit: number;
}
