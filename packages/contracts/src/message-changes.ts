import { z } from 'zod';
import { MESSAGE_MAX_LENGTH, Message } from './messages.ts';
import { Metadata } from './metadata.ts';
import { distinct, text, Uuid } from './primitives.ts';

/** Query of every route below `/v1/messages/:message_id`: the conversation of the message. */
export const MessageQuery = z.object({ conversation_id: Uuid });
export type MessageQuery = z.infer<typeof MessageQuery>;

/** Body of `PATCH /v1/messages/:message_id`; without `metadata`, the stored one stays. */
export const MessageEdit = z.object({
  content: text(1, MESSAGE_MAX_LENGTH).meta({ examples: ['See you at one.'] }),
  metadata: Metadata.exactOptional(),
});
export type MessageEdit = z.infer<typeof MessageEdit>;

/** Maximum conversations per forward. */
export const FORWARD_MAX = 20;

/** Body of `POST /v1/messages/:message_id/forward`. */
export const Forward = z.object({
  to_conversation_ids: distinct(Uuid, FORWARD_MAX),
  client_message_id: text(1, 128).exactOptional(),
});
export type Forward = z.infer<typeof Forward>;

/** Reply of `POST /v1/messages/:message_id/forward`: the new messages, in the requested order. */
export const ForwardedMessages = z.object({ messages: z.array(Message) });
export type ForwardedMessages = z.infer<typeof ForwardedMessages>;
