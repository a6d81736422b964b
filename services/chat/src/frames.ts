import { randomUUID } from 'node:crypto';
import type { Delivery } from '@secureconnect/realtime';
import type { StoredEvent } from './stores/message-store.ts';

/** The room of a conversation's sockets. */
export const roomOf = (conversationId: string): string => `conversation:${conversationId}`;

/** The conversation of a room. */
export const conversationOf = (room: string): string => room.slice(roomOf('').length);

/** The conversations among these rooms, which may include the room of all instances. */
export function* conversationsIn(rooms: Iterable<string>): Generator<string> {
  for (const room of rooms) if (room.startsWith(roomOf(''))) yield conversationOf(room);
}

/**
 * The delivery of a logged event to its conversation; the frame is the same over the bus and from
 * the store. A new message is delivered under its own id, every other event under the id of the
 * event. After a deletion, nothing about the message is delivered.
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

/** Rooms with more members get no `user_joined` and `user_left`, which would grow quadratically. */
export const maxPresentToTell = 50;

/** An event of a conversation that is not logged. */
export interface PassingEvent {
  readonly type: 'typing' | 'user_joined' | 'user_left';
  readonly conversationId: string;
  readonly from: string;
  readonly data: object;
  /** Users who do not get the event. */
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
