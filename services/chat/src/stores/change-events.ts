import type { Message } from '@secureconnect/contracts';
import type { TimeUuid } from '../timeuuid.ts';
import type { MessageKey, Reaction, StoredEvent } from './message-store.ts';

/** The event of a new message. */
export function chatEvent(message: Message, stamp: TimeUuid): StoredEvent {
  return wholeMessage('chat', message, stamp);
}

/** The event of an edit. */
export function editedEvent(message: Message, stamp: TimeUuid): StoredEvent {
  return wholeMessage('edited', message, stamp);
}

/** The event of a deletion; `by` may differ from the sender. */
export function deletedEvent(key: MessageKey, by: string, stamp: TimeUuid): StoredEvent {
  return {
    eventId: stamp.id,
    at: stamp.at,
    type: 'deleted',
    conversationId: key.conversationId,
    from: by,
    data: { message_id: key.messageId, deleted_at: stamp.at.toISOString() },
  };
}

/** The event of a reaction that was set or removed. */
export function reactionEvent(
  key: MessageKey,
  { userId, emoji }: Reaction,
  present: boolean,
  stamp: TimeUuid,
): StoredEvent {
  return {
    eventId: stamp.id,
    at: stamp.at,
    type: 'reaction',
    conversationId: key.conversationId,
    from: userId,
    data: { message_id: key.messageId, user_id: userId, emoji, present },
  };
}

function wholeMessage(type: 'chat' | 'edited', message: Message, stamp: TimeUuid): StoredEvent {
  return {
    eventId: stamp.id,
    at: stamp.at,
    type,
    conversationId: message.conversation_id,
    from: message.sender_id,
    data: message,
  };
}
