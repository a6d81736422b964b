import { type Forward, type Message, Uuid } from '@secureconnect/contracts';
import { ApiError } from '@secureconnect/service';
import type { ChatContext } from '../context.ts';
import { notFound, outOfReach } from '../errors.ts';
import { noteFileForward, removeFileForward } from '../stores/file-forwards.ts';
import type { Change, MessageKey } from '../stores/message-store.ts';
import { findMemberships } from '../stores/participants.ts';
import { liveMessage } from './find-message.ts';
import { requireMembership } from './membership.ts';
import { sendMessage } from './send-message.ts';

/**
 * Copies a message to other conversations on behalf of `actorId`, a participant of all of them;
 * each copy names its origin. All checks precede the first write; with a `client_message_id` a
 * client can retry after a partial failure. Throws NOT_FOUND for outsiders and for deleted
 * messages, FORBIDDEN after a block, CONFLICT for an encrypted message.
 */
export async function forwardMessage(
  context: ChatContext,
  actorId: string,
  key: MessageKey,
  { to_conversation_ids: targets, client_message_id: clientId }: Forward,
): Promise<Change[]> {
  await requireMembership(context.database, key.conversationId, actorId);
  const message = await liveMessage(context.messages, key);
  if (message.is_encrypted) {
    throw new ApiError(
      'CONFLICT',
      'An encrypted message cannot be forwarded; send it again instead.',
    );
  }
  await requireVoices(context, actorId, targets);
  const content = {
    content: message.content,
    is_encrypted: false,
    message_type: message.message_type,
    metadata: { ...message.metadata, forwarded_from: sourceOf(message) },
    ...(clientId === undefined ? {} : { client_message_id: clientId }),
  };
  const changes: Change[] = [];
  for (const target of targets) {
    const change = await sendMessage(context, actorId, target, content);
    await passFileOn(context, message, change.message);
    changes.push(change);
  }
  return changes;
}

/** Tells storage about the file of a copied message before anybody gets the copy. */
async function passFileOn(
  { database, messages }: ChatContext,
  original: Message,
  copy: Message,
): Promise<void> {
  const { success, data: fileId } = Uuid.safeParse(original.metadata['file_id']);
  // By a `client_message_id` of before the copy is the message of then, with a file of its own or none.
  if (!success || copy.metadata['file_id'] !== fileId) return;
  const key = { conversationId: copy.conversation_id, messageId: copy.message_id };
  await noteFileForward(database, {
    ...key,
    fileId,
    fromConversationId: original.conversation_id,
    forwardedBy: copy.sender_id,
  });
  // The copy, and with it the file's forward, may have been deleted meanwhile.
  const current = await messages.find(key);
  if (current?.deleted_at !== undefined) await removeFileForward(database, key);
}

async function requireVoices(
  { database }: ChatContext,
  userId: string,
  conversationIds: readonly string[],
): Promise<void> {
  const memberships = await findMemberships(database, conversationIds, userId);
  for (const id of conversationIds) {
    const membership = memberships.get(id);
    if (membership === undefined) throw notFound();
    if (membership.isBlocked) throw outOfReach();
  }
}

function sourceOf({ conversation_id, message_id, sender_id }: Message) {
  return { conversation_id, message_id, sender_id };
}
