import { type Message, PINS_MAX, type Pin } from '@secureconnect/contracts';
import { ApiError } from '@secureconnect/service';
import type { ChatContext, RouteContext } from '../context.ts';
import { notFound } from '../errors.ts';
import type { MessageKey } from '../stores/message-store.ts';
import type { Membership } from '../stores/participants.ts';
import { insertPin, type PinRow, pinsOf, removePin } from '../stores/pins.ts';
import { liveMessage, noMessage } from './find-message.ts';
import { requireAdmin, requireMembership, requireVoice } from './membership.ts';

/**
 * Pins a message; does nothing if it is pinned. In a group only the owner and admins may. Throws
 * NOT_FOUND, FORBIDDEN (also after a block), and CONFLICT if the conversation has the maximum of
 * pins.
 */
export async function pinMessage(
  { database, messages }: Pick<ChatContext, 'database' | 'messages'>,
  actorId: string,
  key: MessageKey,
): Promise<Pin> {
  const { conversationId, messageId } = key;
  requireMayPin(await requireVoice(database, conversationId, actorId));
  await liveMessage(messages, key);
  const pin = await database.transaction(async (sql) => {
    // Checked again, because the conversation may have been deleted meanwhile.
    requireMayPin(await requireVoice(sql, conversationId, actorId));
    const pins = await pinsOf(sql, conversationId);
    const earlier = pins.find((one) => one.messageId === messageId);
    if (earlier !== undefined) return earlier;
    if (pins.length >= PINS_MAX) {
      throw new ApiError(
        'CONFLICT',
        `A conversation can have at most ${PINS_MAX} pins; unpin a message first.`,
      );
    }
    const made = { messageId, pinnedBy: actorId, pinnedAt: new Date() };
    await insertPin(sql, conversationId, made);
    return made;
  });
  const message = await messages.find(key);
  if (message === undefined || message.deleted_at !== undefined) {
    // It lost its pins before this one was stored, which nobody would see, in a place of others.
    await removePin(database, key);
    throw notFound(noMessage);
  }
  return toPin(pin, message);
}

/** Removes a pin if there is one. Throws NOT_FOUND, FORBIDDEN. */
export async function unpinMessage(
  { database }: RouteContext,
  actorId: string,
  key: MessageKey,
): Promise<void> {
  requireMayPin(await requireMembership(database, key.conversationId, actorId));
  await removePin(database, key);
}

/** The pins of a conversation, newest first, without those of deleted messages. */
export async function pinnedIn(
  { database, messages }: ChatContext,
  userId: string,
  conversationId: string,
): Promise<Pin[]> {
  await requireMembership(database, conversationId, userId);
  const pins = await pinsOf(database, conversationId);
  const found = await Promise.all(
    pins.map((pin) => messages.find({ conversationId, messageId: pin.messageId })),
  );
  return pins.flatMap((pin, index) => {
    const message = found[index];
    return message === undefined || message.deleted_at !== undefined ? [] : [toPin(pin, message)];
  });
}

function requireMayPin(membership: Membership): void {
  requireAdmin(membership, 'Only the owner or an admin can pin messages in a group.');
}

function toPin({ pinnedBy, pinnedAt }: PinRow, message: Message): Pin {
  return { message, pinned_by: pinnedBy, pinned_at: pinnedAt.toISOString() };
}
