import { earliestId, type MessageStore, type StoredEvent } from './message-store.ts';

/** The log of a conversation from a time on, a page at a time, the oldest first. */
export async function* eventPages(
  messages: Pick<MessageStore, 'events'>,
  conversationId: string,
  since: Date,
  pageSize: number,
): AsyncGenerator<readonly StoredEvent[]> {
  let after = { at: since, id: earliestId };
  for (;;) {
    const events = await messages.events({ conversationId, after, limit: pageSize });
    if (events.length > 0) yield events;
    const last = events.at(-1);
    if (last === undefined || events.length < pageSize) return;
    after = { at: last.at, id: last.eventId };
  }
}
