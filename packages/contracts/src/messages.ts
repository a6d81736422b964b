import { z } from 'zod';
import { Metadata } from './metadata.ts';
import { Cursor, Limit } from './page.ts';
import { Timestamp, text, Uuid } from './primitives.ts';

/** In code points, as zod counts them. */
export const MESSAGE_MAX_LENGTH = 10_000;

export const MessageType = z.enum(['text', 'image', 'video', 'file']);
export type MessageType = z.infer<typeof MessageType>;

/**
 * The metadata of a message. `file_id` names a file in storage, which is forwarded with the
 * message. `forwarded_from` names the source of a forwarded message; only forwarding sets it.
 */
const MessageMetadata = Metadata.refine(
  (metadata) => !Object.hasOwn(metadata, 'forwarded_from'),
  'must not contain forwarded_from; forward the message instead',
);

const Content = text(1, MESSAGE_MAX_LENGTH).meta({ examples: ['See you at noon.'] });

/** What a sender says, the same over HTTP and in a `chat` frame. */
export const MessageContent = z.object({
  content: Content,
  is_encrypted: z.boolean().default(false),
  message_type: MessageType.default('text'),
  metadata: MessageMetadata.prefault({}),
  client_message_id: text(1, 128).exactOptional(),
});
export type MessageContent = z.infer<typeof MessageContent>;

/** Body of `POST /v1/messages`. The same `client_message_id` gives the same message. */
export const NewMessage = MessageContent.extend({ conversation_id: Uuid });
export type NewMessage = z.infer<typeof NewMessage>;

/** A stored message; the content of a deleted one is empty. */
export const Message = z
  .object({
    message_id: Uuid,
    conversation_id: Uuid,
    sender_id: Uuid,
    content: z.string().meta({ examples: ['See you at noon.'] }),
    is_encrypted: z.boolean(),
    message_type: MessageType,
    metadata: z.record(z.string(), z.unknown()),
    client_message_id: z.string().exactOptional(),
    created_at: Timestamp,
    edited_at: Timestamp.exactOptional(),
    deleted_at: Timestamp.exactOptional(),
    /** Reactions by emoji, the oldest emoji first; absent if there are none. */
    reactions: z.array(z.object({ emoji: z.string(), user_ids: z.array(Uuid) })).exactOptional(),
  })
  .meta({ id: 'Message' });
export type Message = z.infer<typeof Message>;

/** Query of `GET /v1/messages`: the history of a conversation; without one, the inbox. */
export const MessagesQuery = z.object({
  conversation_id: Uuid.exactOptional(),
  limit: Limit,
  page_state: Cursor,
});
export type MessagesQuery = z.infer<typeof MessagesQuery>;

const pageEnd = { next_page_state: z.string().nullable(), has_more: z.boolean() };

/** Newest first; `next_page_state` is null on the last page. */
export const MessagePage = z
  .object({ messages: z.array(Message), ...pageEnd })
  .meta({ id: 'MessagePage' });
export type MessagePage = z.infer<typeof MessagePage>;

/** A conversation in the inbox; without `last_message` if it has no messages. */
export const InboxEntry = z
  .object({
    conversation_id: Uuid,
    last_message: Message.exactOptional(),
    unread_count: z
      .int()
      .min(0)
      .meta({ examples: [3] }),
  })
  .meta({ id: 'InboxEntry' });
export type InboxEntry = z.infer<typeof InboxEntry>;

export const InboxPage = z
  .object({ inbox: z.array(InboxEntry), ...pageEnd })
  .meta({ id: 'InboxPage' });
export type InboxPage = z.infer<typeof InboxPage>;

/** Reply of `GET /v1/messages`. */
export const MessagesReply = z.union([MessagePage, InboxPage]);
export type MessagesReply = z.infer<typeof MessagesReply>;
