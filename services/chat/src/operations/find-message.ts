import type { Message } from '@secureconnect/contracts';
import type { Position } from '@secureconnect/service';
import { notFound } from '../errors.ts';
import type { MessageKey, MessageStore } from '../stores/message-store.ts';

const noMessage = 'There is no such message.';

/** A message, also a deleted one. Throws NOT_FOUND. */
export async function theMessage(messages: MessageStore, key: MessageKey): Promise<Message> {
  return found(await messages.find(key));
}

/** A message that is not deleted. Throws NOT_FOUND. */
export async function liveMessage(messages: MessageStore, key: MessageKey): Promise<Message> {
  const message = await theMessage(messages, key);
  if (message.deleted_at !== undefined) throw notFound(noMessage);
  return message;
}

/** What a store gave where it was asked for a message. Throws NOT_FOUND where that was nothing. */
export function found<Found>(given: Found | undefined): Found {
  if (given === undefined) throw notFound(noMessage);
  return given;
}

/** Where a message stands in its conversation. */
export function positionOf(message: Message): Position {
  return { at: new Date(message.created_at), id: message.message_id };
}
