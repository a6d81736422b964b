import { entryOf, eventsOf, type LogEntry, nextOf } from '../log-entries.ts';
import {
  EVENTS_KEPT_SECONDS,
  type EventsPage,
  type EventsQuery,
  type StoredEvent,
} from '../message-store.ts';
import type { Statement } from './connection.ts';
import { findMessages } from './reading.ts';
import type { CassandraTables } from './tables.ts';
import { boundOf, bucketOf, bucketOfId, timeOfKnown } from './timeuuids.ts';

/** The maximum by which a different instance's clock may be ahead. */
const clockSkewMs = 3_600_000;

interface EventRow {
  event_id: { toString(): string };
  type: StoredEvent['type'];
  from_user: { toString(): string };
  data: string;
}

/** Logs an event; the table lets it expire after EVENTS_KEPT_SECONDS. */
export function insertEvent(event: StoredEvent): Statement {
  const { conversationId, eventId, type, from, data } = entryOf(event);
  return {
    query: `INSERT INTO events (conversation_id, bucket, event_id, type, from_user, data)
      VALUES (?, ?, ?, ?, ?, ?)`,
    params: [conversationId, bucketOfId(eventId), eventId, type, from, JSON.stringify(data)],
  };
}

/** See `MessageStore.events`. Expired days are not read. */
export async function eventsAfter(
  tables: CassandraTables,
  query: EventsQuery,
): Promise<EventsPage> {
  const entries = await entriesAfter(tables, query);
  // Messages are read after the log, so they are at least as new as its entries.
  const { conversationId, limit } = query;
  const events = await eventsOf(entries, (ids) => findMessages(tables, conversationId, ids));
  return { events, next: nextOf(entries, limit) };
}

async function entriesAfter(
  { connection }: CassandraTables,
  { conversationId, after, limit }: EventsQuery,
): Promise<LogEntry[]> {
  const bound = boundOf(after);
  const now = Date.now();
  const first = bucketOf(new Date(now - EVENTS_KEPT_SECONDS * 1000));
  const last = Math.max(bucketOf(new Date(now + clockSkewMs)), bucketOf(after.at));
  const found: LogEntry[] = [];
  for (let bucket = Math.max(bucketOfId(bound), first); bucket <= last; bucket += 1) {
    const rows = await connection.query<EventRow>({
      query: `SELECT event_id, type, from_user, data FROM events
        WHERE conversation_id = ? AND bucket = ? AND event_id > ? LIMIT ?`,
      params: [conversationId, bucket, bound, limit - found.length],
    });
    found.push(...rows.map((row) => toEntry(conversationId, row)));
    if (found.length >= limit) break;
  }
  return found;
}

function toEntry(conversationId: string, row: EventRow): LogEntry {
  const eventId = row.event_id.toString();
  return {
    eventId,
    at: timeOfKnown(eventId),
    type: row.type,
    conversationId,
    from: row.from_user.toString(),
    data: JSON.parse(row.data) as Record<string, unknown>,
  };
}
