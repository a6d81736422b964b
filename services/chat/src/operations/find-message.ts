import type { Message } from '@secureconnect/contracts';
import type { Position } from '@secureconnect/service';
import { notFound } from '../errors.ts';
import type { MessageKey, MessageStore } from '../stores/message-store.ts';

export const noMessage = 'There is no such message.';

/** A message, deleted or not. Throws NOT_FOUND. */
export async function theMessage(messages: MessageStore, key: MessageKey): Promise<Message> {
  return found(await messages.find(key));
}

/** A message that is not deleted. Throws NOT_FOUND. */
export async function liveMessage(messages: MessageStore, key: MessageKey): Promise<Message> {
  const message = await theMessage(messages, key);
  if (message.deleted_at !== undefined) throw notFound(noMessage);
  return message;
}

/** The result of a store. Throws NOT_FOUND if it is undefined. */
export function found<Found>(given: Found | undefined): Found {
  if (given === undefined) throw notFound(noMessage);
  return given;
}

/** The position of a message in its conversation. */
export function positionOf(message: Message): Position {
  return { at: new Date(message.created_at), id: message.message_id };
}
