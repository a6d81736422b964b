import type { Receipt } from '@secureconnect/contracts';
import type { Position } from '@secureconnect/service';
import type { ChatContext } from '../context.ts';
import type { MessageKey, StoredEvent } from '../stores/message-store.ts';
import { markRead, readersOf } from '../stores/read-marks.ts';
import { positionOf, theMessage } from './find-message.ts';
import { requireMembership } from './membership.ts';
import { stampChange } from './tell.ts';

/** A user's read mark. */
export interface ReadTo {
  readonly mark: Position;
  /** The event to send; undefined if the mark did not move. */
  readonly event: StoredEvent | undefined;
}

/**
 * Moves a user's read mark forward to a message and logs `read`, except after a block in a direct
 * conversation. The mark moves last, so a retry after a failure repeats the event instead of losing
 * it. Throws NOT_FOUND for outsiders and for unknown messages.
 */
export async function readUpTo(
  context: ChatContext,
  userId: string,
  key: MessageKey,
): Promise<ReadTo> {
  const { database, messages } = context;
  const { conversationId, messageId } = key;
  const { readUntil, isBlocked } = await requireMembership(database, conversationId, userId);
  const mark = positionOf(await theMessage(messages, key));
  if (!isAfter(mark, readUntil)) return { mark: readUntil, event: undefined };
  if (isBlocked) {
    await markRead(database, conversationId, userId, mark);
    return { mark, event: undefined };
  }
  const { id, at } = await stampChange(context, conversationId);
  const data = { message_id: messageId };
  const event = { eventId: id, at, type: 'read', conversationId, from: userId, data } as const;
  await messages.log(event);
  await markRead(database, conversationId, userId, mark);
  return { mark, event };
}

/** The number of unread messages after a mark. */
export async function unreadAfter(
  { messages }: ChatContext,
  userId: string,
  conversationId: string,
  mark: Position,
): Promise<number> {
  const summaries = await messages.summaries(userId, [{ conversationId, readUntil: mark }]);
  return summaries.get(conversationId)?.unread ?? 0;
}

/**
 * The other participants who have read a message; none after a block in a direct conversation.
 * Throws NOT_FOUND like `readUpTo`.
 */
export async function receiptsOf(
  { database, messages }: ChatContext,
  userId: string,
  key: MessageKey,
): Promise<Receipt[]> {
  const { isBlocked } = await requireMembership(database, key.conversationId, userId);
  const message = await theMessage(messages, key);
  if (isBlocked) return [];
  return readersOf(database, key.conversationId, positionOf(message), message.sender_id);
}

function isAfter(one: Position, other: Position): boolean {
  const difference = one.at.getTime() - other.at.getTime();
  return difference > 0 || (difference === 0 && one.id > other.id);
}
