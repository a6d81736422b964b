import type { Sql } from '@secureconnect/postgres';
import { eventsOf, type LogEntry, nextOf } from '../log-entries.ts';
import {
  EVENTS_KEPT_SECONDS,
  type EventsPage,
  type EventsQuery,
  type StoredEvent,
} from '../message-store.ts';
import { sweep } from '../sweep.ts';
import { eventColumns, eventValues } from './columns.ts';
import { findMessages } from './reading.ts';

interface EventRow {
  conversation_id: string;
  event_id: string;
  at: Date;
  type: StoredEvent['type'];
  from_user: string;
  data: Record<string, unknown>;
}

/** See `MessageStore.log`. */
export async function logEvent(sql: Sql, event: StoredEvent): Promise<void> {
  await sql.execute(
    `INSERT INTO chat.events (${eventColumns}) VALUES ($1, $2, $3, $4, $5, $6::jsonb)
     ON CONFLICT (conversation_id, at, event_id) DO NOTHING`,
    eventValues(event),
  );
}

/** See `MessageStore.events`. */
export async function eventsAfter(
  sql: Sql,
  { conversationId, after, limit }: EventsQuery,
): Promise<EventsPage> {
  const rows = await sql.query<EventRow>(
    `SELECT ${eventColumns} FROM chat.events
     WHERE conversation_id = $1 AND (at, event_id) > ($2, $3)
     ORDER BY at, event_id LIMIT $4`,
    [conversationId, after.at, after.id, limit],
  );
  const entries = rows.map(toEntry);
  // Messages are read after the log, so they are at least as new as its entries.
  const events = await eventsOf(entries, (ids) => findMessages(sql, conversationId, ids));
  return { events, next: nextOf(entries, limit) };
}

function toEntry(row: EventRow): LogEntry {
  return {
    eventId: row.event_id,
    at: row.at,
    type: row.type,
    conversationId: row.conversation_id,
    from: row.from_user,
    data: row.data,
  };
}

/** Removes expired events; returns their number. */
export async function sweepEvents(sql: Sql, now = new Date()): Promise<number> {
  const keptSince = new Date(now.getTime() - EVENTS_KEPT_SECONDS * 1000);
  return sweep(sql, { table: 'chat.events', key: 'conversation_id, at, event_id', keptSince });
}
