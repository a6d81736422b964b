import type { MessageContent } from '@secureconnect/contracts';
import type { ChatContext } from '../context.ts';
import { noteChange } from '../stores/conversations.ts';
import type { Change } from '../stores/message-store.ts';
import { requireVoice } from './membership.ts';

/**
 * Stores a participant's message. Throws NOT_FOUND for outsiders, and FORBIDDEN in a direct
 * conversation after a block. The activity is noted first: if storing fails, the only effect is
 * that the conversation is too high in inboxes.
 */
export async function sendMessage(
  { database, messages, timeUuids }: ChatContext,
  senderId: string,
  conversationId: string,
  content: MessageContent,
): Promise<Change> {
  await requireVoice(database, conversationId, senderId);
  const { id, at } = timeUuids.next();
  await noteChange(database, conversationId, at, { said: true });
  return messages.add({
    ...content,
    message_id: id,
    conversation_id: conversationId,
    sender_id: senderId,
    created_at: at,
  });
}
