import type { MessageContent } from '@secureconnect/contracts';
import type { ChatContext } from '../context.ts';
import type { Change } from '../stores/message-store.ts';

/** Stores a participant's message; see `MessageStore.add`. */
export function sendMessage(
  { messages, timeUuids }: Pick<ChatContext, 'messages' | 'timeUuids'>,
  senderId: string,
  conversationId: string,
  content: MessageContent,
): Promise<Change> {
  const { id, at } = timeUuids.next();
  return messages.add({
    ...content,
    message_id: id,
    conversation_id: conversationId,
    sender_id: senderId,
    created_at: at,
  });
}
