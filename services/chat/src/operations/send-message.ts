import type { MessageContent } from '@secureconnect/contracts';
import type { ChatContext } from '../context.ts';
import { noteChange } from '../stores/conversations.ts';
import type { Change } from '../stores/message-store.ts';
import { requireVoice } from './membership.ts';

/**
 * Stores what a participant says. Throws NOT_FOUND for others, and FORBIDDEN in a direct conversation
 * where one has blocked the other. The activity is noted first: where storing then fails, a
 * conversation stands too high in an inbox, and nothing else.
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
