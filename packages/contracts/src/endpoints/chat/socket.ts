import { z } from 'zod';
import {
  AckFrame,
  ChatServerFrame,
  ChatSocketQuery,
  chatClientFrames,
  ResumedFrame,
} from '../../chat-frames.ts';
import { frame, socket } from '../../endpoint.ts';
import { Uuid } from '../../primitives.ts';

export const chatSocket = socket({
  route: 'WS /v1/ws/chat',
  id: 'chatSocket',
  action: 'the chat socket',
  tag: 'Sockets',
  summary: 'Open a socket for all your conversations, or for one (?conversation_id=)',
  description:
    'Refused with FORBIDDEN for web pages of an origin that is not allowed, with NOT_FOUND for a conversation that you do not take part in, and with CONFLICT where you take part in too many conversations to follow all; then open sockets with a `conversation_id`.',
  auth: 'bearer',
  query: ChatSocketQuery,
  sends: ChatServerFrame,
  errors: ['FORBIDDEN', 'NOT_FOUND', 'CONFLICT'],
});

export const typingFrame = frame(chatSocket, {
  type: 'typing',
  id: 'typingFrame',
  action: 'typing',
  tag: 'Sockets',
  summary: 'Tell a conversation that you are typing, or no longer are',
  description:
    'Nothing is stored, so `resume` does not repeat it. Refused with NOT_FOUND if this socket does not follow the conversation.',
  frame: chatClientFrames.typing,
  answer: AckFrame,
  errors: ['FORBIDDEN', 'NOT_FOUND'],
});

export const resumeFrame = frame(chatSocket, {
  type: 'resume',
  id: 'resumeFrame',
  action: 'resuming',
  tag: 'Sockets',
  summary: 'Receive what happened after a cursor',
  description:
    'Frames of the half minute before the cursor are repeated; drop those whose `message_id` or `cursor` you know. Where `complete` is false, read the history.',
  frame: chatClientFrames.resume,
  answer: ResumedFrame,
  errors: [],
});

export const pingFrame = frame(chatSocket, {
  type: 'ping',
  id: 'pingFrame',
  action: 'probing the socket',
  tag: 'Sockets',
  summary: 'Find out whether the connection is alive',
  description:
    'Web pages neither see nor send the pings of the protocol, and are not told of a connection that is dead without a word.',
  frame: chatClientFrames.ping,
  answer: AckFrame,
  errors: [],
});

/** The conversation in which a user came online or went offline. */
const Whereabouts = z.object({ conversation_id: Uuid });

export const userJoinedFrame = frame(chatSocket, {
  type: 'user_joined',
  id: 'userJoinedFrame',
  action: 'user_joined',
  tag: 'Sockets',
  summary: 'Tell a conversation that the first socket of a user in it has opened',
  description: 'Users whom that user has blocked are not told.',
  frame: Whereabouts,
  sentBy: 'server',
  errors: [],
});

export const userLeftFrame = frame(chatSocket, {
  type: 'user_left',
  id: 'userLeftFrame',
  action: 'user_left',
  tag: 'Sockets',
  summary: 'Tell a conversation that the last socket of a user in it has closed',
  description: 'Users whom that user has blocked are not told.',
  frame: Whereabouts,
  sentBy: 'server',
  errors: [],
});

export const chatFrame = frame(chatSocket, {
  type: 'chat',
  id: 'chatFrame',
  action: 'sending messages',
  tag: 'Sockets',
  summary: 'Send a message (idempotent per client_message_id)',
  description:
    'Does the same as POST /v1/messages. The `ack` has the stored message; your other sockets receive it as well.',
  frame: chatClientFrames.chat,
  answer: AckFrame,
  errors: ['FORBIDDEN', 'NOT_FOUND'],
});

export const editedFrame = frame(chatSocket, {
  type: 'edited',
  id: 'editedFrame',
  action: 'editing messages',
  tag: 'Sockets',
  summary: 'Edit a message (its sender)',
  description:
    'Does the same as PATCH /v1/messages/{message_id}. The `ack` has the edited message.',
  frame: chatClientFrames.edited,
  answer: AckFrame,
  errors: ['FORBIDDEN', 'NOT_FOUND'],
});

export const deletedFrame = frame(chatSocket, {
  type: 'deleted',
  id: 'deletedFrame',
  action: 'deleting messages',
  tag: 'Sockets',
  summary: 'Delete a message (its sender; in a group, owner and admins; idempotent)',
  description:
    'Does the same as DELETE /v1/messages/{message_id}. The `ack` has the message without its content.',
  frame: chatClientFrames.deleted,
  answer: AckFrame,
  errors: ['FORBIDDEN', 'NOT_FOUND'],
});

export const reactionFrame = frame(chatSocket, {
  type: 'reaction',
  id: 'reactionFrame',
  action: 'reacting to messages',
  tag: 'Sockets',
  summary: 'Add your reaction to a message, or remove it (idempotent)',
  description:
    '`present` is true by default; false removes the reaction. Does the same as PUT and DELETE /v1/messages/{message_id}/reactions/{emoji}.',
  frame: chatClientFrames.reaction,
  answer: AckFrame,
  errors: ['FORBIDDEN', 'NOT_FOUND', 'CONFLICT'],
});

export const readFrame = frame(chatSocket, {
  type: 'read',
  id: 'readFrame',
  action: 'read receipts',
  tag: 'Sockets',
  summary: 'Mark a conversation as read up to a message; never moves back',
  description:
    'Does the same as POST /v1/messages/{message_id}/read, except that the `ack` has no `unread_count`.',
  frame: chatClientFrames.read,
  answer: AckFrame,
  errors: ['NOT_FOUND'],
});
