import type { Sql } from '@secureconnect/postgres';
import type { Connection, Hub } from '@secureconnect/realtime';
import { conversationOf, storedEventDelivery } from '../frames.ts';
import { changedConversationsOf } from '../stores/changed-conversations.ts';
import { eventPages } from '../stores/event-pages.ts';
import { EVENTS_KEPT_SECONDS, type MessageStore } from '../stores/message-store.ts';
import { timeOfTimeUuid } from '../timeuuid.ts';
import type { StoreTail } from './store-tail.ts';

export interface ResumeParts {
  readonly hub: Hub;
  readonly messages: Pick<MessageStore, 'events'>;
  readonly database: Sql;
  readonly tail: Pick<StoreTail, 'mayBring'>;
}

/** What a client is told when it has what it missed. */
export interface Resumed {
  /** Frames that were sent. */
  readonly events: number;
  /** False where more was missed than is replayed or kept: then the history has the rest. */
  readonly complete: boolean;
}

/**
 * A frame may come later than its time says, out of the store at most by this much: what lies so far
 * before the cursor is sent again, and the client knows it by its id.
 */
const overlapMs = 30_000;
const pageSize = 100;
const maxEvents = 5000;
/** Pages of the log that are read, of all conversations together: some tell nothing any more. */
const maxPages = 1000;

/**
 * Sends a socket what happened in its conversations after a cursor (the `cursor` of the last frame
 * that the client has), the oldest first in each: in those that its user takes part in now, whatever
 * this instance has heard of that, and as the history has it now. A page is sent when the one before
 * has left, so that a slow client holds up itself and nothing else.
 */
export async function resume(
  { hub, messages, database, tail }: ResumeParts,
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
