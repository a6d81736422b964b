import { z } from 'zod';
import { callServerFrames } from './call-frames.ts';
import { ErrorFrame, FrameId, FrameMeta, relayed } from './frames.ts';
import { KeysLowFrame } from './key-notices.ts';
import { MessageEdit } from './message-changes.ts';
import { Message, MessageContent } from './messages.ts';
import { Timestamp, TimeUuid, Uuid } from './primitives.ts';
import { Emoji, ReactionChange } from './reactions.ts';

/** Query of the WebSocket `/v1/ws/chat`. Default: all conversations of the user. */
export const ChatSocketQuery = z.object({ conversation_id: Uuid.exactOptional() });
export type ChatSocketQuery = z.infer<typeof ChatSocketQuery>;

const Typing = z.object({ is_typing: z.boolean().default(true) });
/** Identifies a message. */
const Named = z.object({ message_id: Uuid });
const Membership = z.object({ user_id: Uuid });

const Edited = MessageEdit.extend({ message_id: Uuid });
const Reacted = z.object({ message_id: Uuid, emoji: Emoji, present: z.boolean().default(true) });

/** `after` is the `cursor` of the last frame that the client received. */
const Resume = z.object({ after: TimeUuid });
/**
 * The number of frames that were sent again; incomplete if the history has more than is kept for
 * this.
 */
const Resumed = z.object({
  events: z
    .int()
    .min(0)
    .meta({ examples: [12] }),
  complete: z.boolean().meta({ examples: [true] }),
});

const sent = { id: FrameId.exactOptional(), conversation_id: Uuid };

/** What a client may send on the chat socket, by type. */
export const chatClientFrames = {
  chat: z.object({ type: z.literal('chat'), ...sent, data: MessageContent }),
  typing: z.object({ type: z.literal('typing'), ...sent, data: Typing.prefault({}) }),
  read: z.object({ type: z.literal('read'), ...sent, data: Named }),
  edited: z.object({ type: z.literal('edited'), ...sent, data: Edited }),
  deleted: z.object({ type: z.literal('deleted'), ...sent, data: Named }),
  reaction: z.object({ type: z.literal('reaction'), ...sent, data: Reacted }),
  resume: z.object({ type: z.literal('resume'), id: FrameId.exactOptional(), data: Resume }),
  ping: z.object({ type: z.literal('ping'), id: FrameId.exactOptional() }),
};

/** Any frame that a client may send on the chat socket. */
export const ChatClientFrame = z.discriminatedUnion('type', [
  chatClientFrames.chat,
  chatClientFrames.typing,
  chatClientFrames.read,
  chatClientFrames.edited,
  chatClientFrames.deleted,
  chatClientFrames.reaction,
  chatClientFrames.resume,
  chatClientFrames.ping,
]);
export type ChatClientFrame = z.infer<typeof ChatClientFrame>;

const IsTyping = z.object({ is_typing: z.boolean().meta({ examples: [true] }) });
const received = { conversation_id: Uuid, ...relayed };
/** Logged frames have a position in the log, to `resume` after. */
const logged = { ...received, cursor: TimeUuid };

const Deleted = z.object({ message_id: Uuid, deleted_at: Timestamp });

/** Acknowledges a frame to its sender; with the message if one is stored. */
export const AckFrame = z
  .object({
    type: z.literal('ack'),
    id: z.string().exactOptional(),
    message: Message.exactOptional(),
    meta: FrameMeta.exactOptional(),
  })
  .describe('The frame was accepted; with its message where that is stored now.');
export type AckFrame = z.infer<typeof AckFrame>;

/** The answer to `resume`, after what was missed. */
export const ResumedFrame = z
  .object({ type: z.literal('resumed'), id: z.string().exactOptional(), data: Resumed })
  .describe('Ends the frames that a resume frame asked for.');

/** What the server sends on the chat socket. */
export const ChatServerFrame = z.discriminatedUnion('type', [
  z
    .object({ type: z.literal('chat'), ...logged, data: Message })
    .describe('A participant has sent a message.'),
  z
    .object({ type: z.literal('edited'), ...logged, data: Message })
    .describe('A message was edited.'),
  z
    .object({ type: z.literal('deleted'), ...logged, data: Deleted })
    .describe('A message was deleted.'),
  z
    .object({ type: z.literal('reaction'), ...logged, data: ReactionChange })
    .describe('A participant has added a reaction, or removed one.'),
  z
    .object({ type: z.literal('typing'), ...received, data: IsTyping })
    .describe('A participant is typing, or no longer is.'),
  z
    .object({ type: z.literal('read'), ...logged, data: Named })
    .describe('A participant has read up to a message.'),
  z
    .object({ type: z.literal('user_joined'), ...received, data: Membership })
    .describe('The first socket of a participant has opened.'),
  z
    .object({ type: z.literal('user_left'), ...received, data: Membership })
    .describe('The last socket of a participant has closed.'),
  ...callServerFrames,
  KeysLowFrame,
  ResumedFrame,
  AckFrame,
  ErrorFrame,
]);
export type ChatServerFrame = z.infer<typeof ChatServerFrame>;
