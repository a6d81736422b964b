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
 * Changes what a message says, in the name of its sender. Throws NOT_FOUND for outsiders and where
 * there is no such message any more, FORBIDDEN for others and for the blocked.
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

/** Where a message was forwarded from is not its sender's to change. */
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
 * Empties a message, in the name of its sender or of an admin of its group; what one said can be
 * taken back from somebody blocked too. A deleted one stays as it is. Throws NOT_FOUND, FORBIDDEN.
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
  // First: who is told that it is gone must not find the file that it brought.
  await removeFileForward(database, key);
  const stamp = await stampChange(context, key.conversationId);
  const change = found(await messages.remove(key, actorId, stamp));
  await removePin(database, key);
  return change;
}

/**
 * Sets a reaction of a user, or takes it back; taking back stays possible with somebody blocked.
 * Throws NOT_FOUND, FORBIDDEN, and CONFLICT where a message takes no more reactions.
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
