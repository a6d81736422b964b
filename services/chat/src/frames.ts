import { randomUUID } from 'node:crypto';
import type { Message } from '@secureconnect/contracts';
import type { Delivery } from '@secureconnect/realtime';

/** The room of a conversation's sockets. */
export const roomOf = (conversationId: string): string => `conversation:${conversationId}`;

/** The conversation of a room. */
export const conversationOf = (room: string): string => room.slice(roomOf('').length);

/** A stored message on its way to its conversation. The same message is delivered once. */
export function messageDelivery(message: Message, exceptSocket?: string): Delivery {
  const { conversation_id, sender_id: from, created_at: at } = message;
  return {
    id: message.message_id,
    room: roomOf(conversation_id),
    frame: { type: 'chat', conversation_id, from, at, data: message },
    ...(exceptSocket === undefined ? {} : { exceptSocket }),
  };
}

/** Something that happened in a conversation and is not a message. */
export function eventDelivery(
  event: {
    readonly type: 'typing' | 'read' | 'user_joined' | 'user_left';
    readonly conversationId: string;
    readonly from: string;
    readonly data: object;
  },
  exceptSocket: string,
): Delivery {
  const { type, conversationId, from, data } = event;
  const at = new Date().toISOString();
  return {
    id: randomUUID(),
    room: roomOf(conversationId),
    frame: { type, conversation_id: conversationId, from, at, data },
    exceptSocket,
  };
}
