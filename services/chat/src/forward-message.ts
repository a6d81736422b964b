import type { Forward, Message } from '@secureconnect/contracts';
import { ApiError } from '@secureconnect/service';
import type { ChatContext } from './context.ts';
import { notFound, outOfReach } from './errors.ts';
import { liveMessage } from './find-message.ts';
import { requireMembership } from './membership.ts';
import { sendMessage } from './send-message.ts';
import type { Change, MessageKey } from './stores/message-store.ts';
import { findMemberships } from './stores/participants.ts';

/**
 * Says a message again in other conversations, in the name of `actorId`, who takes part in all of
 * them; each copy says where it is from. Whether that may be is known before anything is stored; with
 * a `client_message_id` it may be asked again after a failure in between. Throws NOT_FOUND for
 * outsiders and where there is no such message any more, FORBIDDEN where a block is in the way,
 * CONFLICT for an encrypted message.
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
    throw new ApiError('CONFLICT', 'Others could not decrypt an encrypted message.');
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
    changes.push(await sendMessage(context, actorId, target, content));
  }
  return changes;
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
