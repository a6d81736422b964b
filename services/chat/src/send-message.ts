import type { Message, MessageContent } from '@secureconnect/contracts';
import type { ChatContext } from './context.ts';
import { requireMembership } from './membership.ts';
import { noteActivity } from './stores/conversations.ts';

/**
 * Stores what a participant says. Throws NOT_FOUND for others. The activity is noted first: where
 * storing then fails, a conversation stands too high in an inbox, and nothing else.
 */
export async function storeMessage(
  { database, messages, timeUuids }: ChatContext,
  senderId: string,
  conversationId: string,
  content: MessageContent,
): Promise<Message> {
  await requireMembership(database, conversationId, senderId);
  const { id, at } = timeUuids.next();
  await noteActivity(database, conversationId, at);
  return messages.add({
    ...content,
    message_id: id,
    conversation_id: conversationId,
    sender_id: senderId,
    created_at: at,
  });
}
