import type { Message, MessageType } from '@secureconnect/contracts';
import type { NewStoredMessage } from './message-store.ts';
import { type ReactionEntry, reactionsOf } from './reaction-entries.ts';

/** A message as both stores hold it. */
export interface StoredMessage {
  readonly message_id: string;
  readonly conversation_id: string;
  readonly sender_id: string;
  readonly content: string;
  readonly is_encrypted: boolean;
  readonly message_type: MessageType;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly client_message_id: string | null;
  readonly created_at: Date;
  readonly edited_at: Date | null;
  readonly deleted_at: Date | null;
  /** The first reaction first. */
  readonly reactions: readonly ReactionEntry[];
}

/** A new message in the form of the stores. */
export function newlyStored(message: NewStoredMessage): StoredMessage {
  return {
    message_id: message.message_id,
    conversation_id: message.conversation_id,
    sender_id: message.sender_id,
    content: message.content,
    is_encrypted: message.is_encrypted,
    message_type: message.message_type,
    metadata: message.metadata,
    client_message_id: message.client_message_id ?? null,
    created_at: message.created_at,
    edited_at: null,
    deleted_at: null,
    reactions: [],
  };
}

/** A message as readers see it; a deleted one without its content and `client_message_id`. */
export function toMessage(stored: StoredMessage): Message {
  const { client_message_id, edited_at, deleted_at } = stored;
  const reactions = deleted_at === null ? reactionsOf(stored.reactions) : [];
  return {
    message_id: stored.message_id,
    conversation_id: stored.conversation_id,
    sender_id: stored.sender_id,
    content: deleted_at === null ? stored.content : '',
    is_encrypted: stored.is_encrypted,
    message_type: stored.message_type,
    metadata: deleted_at === null ? { ...stored.metadata } : {},
    ...(client_message_id === null || deleted_at !== null ? {} : { client_message_id }),
    created_at: stored.created_at.toISOString(),
    ...(edited_at === null ? {} : { edited_at: edited_at.toISOString() }),
    ...(deleted_at === null ? {} : { deleted_at: deleted_at.toISOString() }),
    ...(reactions.length === 0 ? {} : { reactions }),
  };
}
