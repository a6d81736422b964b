import type { Message, MessageEdit } from '@secureconnect/contracts';
import { ApiError } from '@secureconnect/service';
import type { ChatContext } from '../context.ts';
import { removeFileForward } from '../stores/file-forwards.ts';
import type { Change, MessageKey } from '../stores/message-store.ts';
import { removePin } from '../stores/pins.ts';
import { found, liveMessage, theMessage } from './find-message.ts';
import { requireMembership, requireVoice } from './membership.ts';
import { stampChange } from './tell.ts';

/**
 * Edits a message, on behalf of its sender. Throws NOT_FOUND for outsiders and for deleted
 * messages, FORBIDDEN for other users and after a block.
 */
export async function editMessage(
  context: ChatContext,
  actorId: string,
  key: MessageKey,
  { content, metadata }: MessageEdit,
): Promise<Change> {
  await requireVoice(context.database, key.conversationId, actorId);
  const message = await liveMessage(context.messages, key);
  if (message.sender_id !== actorId) {
    throw new ApiError('FORBIDDEN', 'Only the sender can edit a message.');
  }
  const stamp = await stampChange(context, key.conversationId);
  const edit = { content, metadata: editedMetadata(message.metadata, metadata) };
  return found(await context.messages.edit(key, edit, stamp));
}

/** Keeps `forwarded_from`, which the sender may not change. */
function editedMetadata(
  stored: Message['metadata'],
  given: MessageEdit['metadata'],
): Message['metadata'] {
  if (given === undefined) return stored;
  const { forwarded_from: _ignored, ...metadata } = given;
  const source = stored['forwarded_from'];
  return source === undefined ? metadata : { ...metadata, forwarded_from: source };
}

/**
 * Deletes a message, on behalf of its sender or an admin of its group, also after a block. Does
 * nothing for a deleted message. Throws NOT_FOUND, FORBIDDEN.
 */
export async function deleteMessage(
  context: ChatContext,
  actorId: string,
  key: MessageKey,
): Promise<Change> {
  const { database, messages } = context;
  const actor = await requireMembership(database, key.conversationId, actorId);
  const message = await theMessage(messages, key);
  const isAdmin = actor.type === 'group' && actor.role !== 'member';
  if (message.sender_id !== actorId && !isAdmin) {
    throw new ApiError('FORBIDDEN', 'Only the sender or an admin can delete a message.');
  }
  if (message.deleted_at !== undefined) return { message, event: undefined };
  // First, so that no client that knows of the deletion can still download the file.
  await removeFileForward(database, key);
  const stamp = await stampChange(context, key.conversationId);
  const change = found(await messages.remove(key, actorId, stamp));
  await removePin(database, key);
  return change;
}

/**
 * Sets or removes a user's reaction; after a block, only removal is allowed. Throws NOT_FOUND,
 * FORBIDDEN, and CONFLICT if the message has the maximum of reactions.
 */
export async function changeReaction(
  context: ChatContext,
  userId: string,
  key: MessageKey,
  emoji: string,
  present: boolean,
): Promise<Change> {
  const require = present ? requireVoice : requireMembership;
  await require(context.database, key.conversationId, userId);
  const stamp = await stampChange(context, key.conversationId);
  return found(await context.messages.react(key, { userId, emoji }, present, stamp));
}
