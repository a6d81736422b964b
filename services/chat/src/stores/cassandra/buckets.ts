import type { CassandraConnection } from './connection.ts';

/** The maximum of remembered buckets; forgetting one only costs a redundant write. */
const maxRemembered = 20_000;
/** The number of buckets per page. */
const pageSize = 64;
/** The maximum of buckets read concurrently, if earlier buckets had too few entries. */
const maxGroupSize = 8;

/** The days of a conversation that have messages: where to continue when one is exhausted. */
export class BucketIndex {
  readonly #connection: CassandraConnection;
  readonly #written = new Set<string>();

  constructor(connection: CassandraConnection) {
    this.#connection = connection;
  }

  /** Must precede the storing of a message: only noted buckets are read. */
  async note(conversationId: string, bucket: number): Promise<void> {
    const key = `${conversationId} ${bucket}`;
    if (this.#written.has(key)) return;
    await this.#connection.query({
      query: 'INSERT INTO message_buckets (conversation_id, bucket) VALUES (?, ?)',
      params: [conversationId, bucket],
    });
    const [oldest] = this.#written;
    if (this.#written.size >= maxRemembered && oldest !== undefined) this.#written.delete(oldest);
    this.#written.add(key);
  }

  /**
   * Reads the buckets from `newest` down until they have returned `limit` entries, or none is left.
   * The cost of a page does not depend on its depth.
   */
  async collect<Entry>(
    { conversationId, newest, oldest = Number.NEGATIVE_INFINITY, limit }: Walk,
    read: (bucket: number, limit: number) => Promise<readonly Entry[]>,
  ): Promise<Entry[]> {
    const found: Entry[] = [];
    // Usually the first bucket suffices; if days have few messages, several are read concurrently.
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

/** The buckets to read, newest first, and the number of entries wanted. */
export interface Walk {
  readonly conversationId: string;
  readonly newest: number;
  readonly oldest?: number;
  readonly limit: number;
}
