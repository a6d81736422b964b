import { z } from 'zod';
import { ErrorFrame, FrameId, FrameMeta, relayed } from './frames.ts';
import { Message, MessageContent } from './messages.ts';
import { Uuid } from './primitives.ts';

/** Query of the WebSocket `/v1/ws/chat`; without a conversation: all of the user's. */
export const ChatSocketQuery = z.object({ conversation_id: Uuid.exactOptional() });
export type ChatSocketQuery = z.infer<typeof ChatSocketQuery>;

const Typing = z.object({ is_typing: z.boolean().default(true) });
const Read = z.object({ message_id: Uuid });
const Membership = z.object({ user_id: Uuid });

const sent = { id: FrameId.exactOptional(), conversation_id: Uuid };

/** What a client may send on the chat socket, by type. */
export const chatClientFrames = {
  chat: z.object({ type: z.literal('chat'), ...sent, data: MessageContent }),
  typing: z.object({ type: z.literal('typing'), ...sent, data: Typing.prefault({}) }),
  read: z.object({ type: z.literal('read'), ...sent, data: Read }),
};

/** Any frame that a client may send on the chat socket. */
export const ChatClientFrame = z.discriminatedUnion('type', [
  chatClientFrames.chat,
  chatClientFrames.typing,
  chatClientFrames.read,
]);
export type ChatClientFrame = z.infer<typeof ChatClientFrame>;

const received = { conversation_id: Uuid, ...relayed };

/** Says to its sender that a `chat` frame is stored. */
export const AckFrame = z.object({
  type: z.literal('ack'),
  id: z.string().exactOptional(),
  message: Message,
  meta: FrameMeta.exactOptional(),
});
export type AckFrame = z.infer<typeof AckFrame>;

/** What the server sends on the chat socket. */
export const ChatServerFrame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('chat'), ...received, data: Message }),
  z.object({ type: z.literal('typing'), ...received, data: z.object({ is_typing: z.boolean() }) }),
  z.object({ type: z.literal('read'), ...received, data: Read }),
  z.object({ type: z.literal('user_joined'), ...received, data: Membership }),
  z.object({ type: z.literal('user_left'), ...received, data: Membership }),
  AckFrame,
  ErrorFrame,
]);
export type ChatServerFrame = z.infer<typeof ChatServerFrame>;
