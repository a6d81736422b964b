import { randomUUID } from 'node:crypto';
import type { Delivery } from '@secureconnect/realtime';
import type { StoredEvent } from './stores/message-store.ts';

/** The room of a conversation's sockets. */
export const roomOf = (conversationId: string): string => `conversation:${conversationId}`;

/** The conversation of a room. */
export const conversationOf = (room: string): string => room.slice(roomOf('').length);

/** The conversations among these rooms; an instance is in a room of its own besides. */
export function* conversationsIn(rooms: Iterable<string>): Generator<string> {
  for (const room of rooms) if (room.startsWith(roomOf(''))) yield conversationOf(room);
}

/**
 * What the log tells of a change, on its way to its conversation: the same frame by whatever way it
 * goes. A message that was said is delivered once under its own id, and everything else under that
 * of its event. After a deletion nothing else of its message is delivered.
 */
export function storedEventDelivery(event: StoredEvent, exceptSocket?: string): Delivery {
  const { type, conversationId, from, data, eventId } = event;
  const at = event.at.toISOString();
  const messageId = String(data['message_id']);
  return {
    id: type === 'chat' ? messageId : eventId,
    room: roomOf(conversationId),
    ...(type === 'read' ? {} : { about: { id: messageId, ends: type === 'deleted' } }),
    frame: { type, conversation_id: conversationId, from, at, cursor: eventId, data },
    ...(exceptSocket === undefined ? {} : { exceptSocket }),
  };
}

/** Where more are there, coming and going is told to nobody: each of many would tell all others. */
export const maxPresentToTell = 50;

/** Something that happened in a conversation and is not logged. */
export interface PassingEvent {
  readonly type: 'typing' | 'user_joined' | 'user_left';
  readonly conversationId: string;
  readonly from: string;
  readonly data: object;
  /** Users who do not hear of it. */
  readonly hiddenFrom?: readonly string[];
}

export function eventDelivery(event: PassingEvent, exceptSocket: string): Delivery {
  const { type, conversationId, from, data, hiddenFrom = [] } = event;
  const at = new Date().toISOString();
  return {
    id: randomUUID(),
    room: roomOf(conversationId),
    frame: { type, conversation_id: conversationId, from, at, data },
    exceptSocket,
    ...(hiddenFrom.length === 0 ? {} : { exceptUsers: hiddenFrom }),
    ...(type === 'typing' ? {} : { maxMembers: maxPresentToTell }),
  };
}
