import type { Sql } from '@secureconnect/postgres';
import type { Connection, Hub } from '@secureconnect/realtime';
import { conversationOf, storedEventDelivery } from '../frames.ts';
import { changedConversationsOf } from '../stores/changed-conversations.ts';
import { eventPages } from '../stores/event-pages.ts';
import { EVENTS_KEPT_SECONDS, type MessageStore } from '../stores/message-store.ts';
import { timeOfTimeUuid } from '../timeuuid.ts';
import type { StoreTail } from './store-tail.ts';

export interface ResumeDeps {
  readonly hub: Hub;
  readonly messages: Pick<MessageStore, 'events'>;
  readonly database: Sql;
  readonly tail: Pick<StoreTail, 'mayBring'>;
}

/** The result of a replay. */
export interface Resumed {
  /** The number of frames sent. */
  readonly events: number;
  /** False if more was missed than is replayed or stored; the history then has the rest. */
  readonly complete: boolean;
}

/**
 * The maximum delay of a frame from the store. Frames this long before the cursor are sent again;
 * the client knows them by their ids.
 */
const overlapMs = 30_000;
const pageSize = 100;
const maxEvents = 5000;
/**
 * The maximum of pages read from the log, over all conversations; some may have no current events.
 */
const maxPages = 1000;

/**
 * Sends a socket the events of its conversations after a cursor (the `cursor` of the client's last
 * frame), oldest first in each. Memberships and messages are read from the stores, in their current
 * state. A page is sent once the previous one has left, so that a slow client delays only itself.
 */
export async function resume(
  { hub, messages, database, tail }: ResumeDeps,
  socket: Connection,
  after: string,
): Promise<Resumed> {
  const asked = timeOfTimeUuid(after).getTime() - overlapMs;
  const earliest = Date.now() - EVENTS_KEPT_SECONDS * 1000;
  const since = new Date(Math.max(asked, earliest));
  const { userId } = socket;
  const [ownRoom] = hub.roomsOf(socket);
  const conversationId = ownRoom && conversationOf(ownRoom);
  const query = { userId, conversationId, since, limit: maxPages + 1 };
  let events = 0;
  let pages = 0;
  for (const changedId of await changedConversationsOf(database, query)) {
    for await (const page of eventPages(messages, changedId, since, pageSize)) {
      pages += 1;
      if (pages > maxPages) return { events, complete: false };
      for (const event of page) {
        if (events >= maxEvents) return { events, complete: false };
        const sent = hub.replay(socket, storedEventDelivery(event), tail.mayBring(event.at));
        if (sent) events += 1;
      }
      if (!(await socket.flushed())) return { events, complete: false };
    }
  }
  return { events, complete: asked >= earliest };
}
