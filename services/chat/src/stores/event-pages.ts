import type { Position } from '@secureconnect/service';
import {
  type EventsPage,
  earliestId,
  type MessageStore,
  type StoredEvent,
} from './message-store.ts';

/** The events of a conversation since a time, oldest first; pages may be empty. */
export async function* eventPages(
  messages: Pick<MessageStore, 'events'>,
  conversationId: string,
  since: Date,
  pageSize: number,
): AsyncGenerator<readonly StoredEvent[]> {
  let after: Position | undefined = { at: since, id: earliestId };
  while (after !== undefined) {
    const page: EventsPage = await messages.events({ conversationId, after, limit: pageSize });
    yield page.events;
    after = page.next;
  }
}
