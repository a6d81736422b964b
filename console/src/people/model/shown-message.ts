import type { Message, OutboxEntry } from '@secureconnect/client';

/** A message of a conversation as it is shown, whether the server has stored it or not. */
export type ShownMessage =
  | { readonly state: 'stored'; readonly key: string; readonly message: Message }
  /** Kept in the outbox: it is sent as soon as that is possible. */
  | { readonly state: 'waiting'; readonly key: string; readonly entry: OutboxEntry }
  /** The server has refused it for good. */
  | {
      readonly state: 'refused';
      readonly key: string;
      readonly entry: OutboxEntry;
      readonly reason: string;
    };

/** The same key before and after the message is stored, so that its place on the page stays. */
export function storedMessage(message: Message): ShownMessage {
  return { state: 'stored', key: message.client_message_id ?? message.message_id, message };
}

/** A message of the outbox. */
export function outboxMessage(entry: OutboxEntry): ShownMessage {
  const { id: key, refusal } = entry;
  if (refusal === undefined) return { state: 'waiting', key, entry };
  return { state: 'refused', key, entry, reason: refusal.message };
}
