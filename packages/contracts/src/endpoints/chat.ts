import { z } from 'zod';
import { AckFrame, ChatServerFrame, ChatSocketQuery, chatClientFrames } from '../chat-frames.ts';
import {
  Conversation,
  ConversationChange,
  ConversationDeleted,
  ConversationPage,
  NewConversation,
  NewParticipants,
  ParticipantRemoved,
  RoleChange,
  SettingsChange,
} from '../conversations.ts';
import { endpoint, frame, socket } from '../endpoint.ts';
import {
  FORWARD_MAX,
  Forward,
  ForwardedMessages,
  MessageEdit,
  MessageQuery,
} from '../message-changes.ts';
import { Message, MessagePage, MessagesQuery, MessagesReply, NewMessage } from '../messages.ts';
import { PageQuery } from '../page.ts';
import { PINS_MAX, Pin, PinList, PinRemoved } from '../pins.ts';
import { NewPresence, Presence, PresenceList, PresenceQuery } from '../presence.ts';
import { Uuid } from '../primitives.ts';
import { MessageRead, ReceiptList } from '../receipts.ts';
import { SearchQuery } from '../search.ts';

export const createConversation = endpoint({
  route: 'POST /v1/conversations',
  id: 'createConversation',
  action: 'creating conversations',
  tag: 'Conversations',
  summary: 'Create a conversation; a pair of users has one direct conversation',
  description:
    'Name the others by user id (`participant_ids`), or by e-mail address or user name (`participants`). A direct conversation that exists is returned as it is. Refused with FORBIDDEN where a user has blocked you, and for a direct conversation also where you have blocked the user.',
  auth: 'bearer',
  body: NewConversation,
  reply: Conversation,
  status: 201,
  errors: ['FORBIDDEN'],
});

export const listConversations = endpoint({
  route: 'GET /v1/conversations',
  id: 'listConversations',
  action: 'listing conversations',
  tag: 'Conversations',
  summary: 'List your conversations, newest first',
  auth: 'bearer',
  query: PageQuery,
  reply: ConversationPage,
  errors: [],
});

export const getConversation = endpoint({
  route: 'GET /v1/conversations/:conversation_id',
  id: 'getConversation',
  action: 'reading a conversation',
  tag: 'Conversations',
  summary: 'Get a conversation that you take part in',
  auth: 'bearer',
  reply: Conversation,
  errors: ['NOT_FOUND'],
});

export const renameConversation = endpoint({
  route: 'PATCH /v1/conversations/:conversation_id',
  id: 'renameConversation',
  action: 'renaming conversations',
  tag: 'Conversations',
  summary: 'Rename a group (owner and admins)',
  auth: 'bearer',
  body: ConversationChange,
  reply: Conversation,
  errors: ['FORBIDDEN', 'NOT_FOUND', 'CONFLICT'],
});

export const changeConversationSettings = endpoint({
  route: 'PATCH /v1/conversations/:conversation_id/settings',
  id: 'changeConversationSettings',
  action: 'changing settings',
  tag: 'Conversations',
  summary: 'Merge settings into those of a conversation; null removes a key',
  description:
    'In a group the owner and the admins may; in a direct conversation both, except where one has blocked the other. The clients decide what the settings mean.',
  auth: 'bearer',
  body: SettingsChange,
  reply: Conversation,
  errors: ['FORBIDDEN', 'NOT_FOUND'],
});

export const deleteConversation = endpoint({
  route: 'DELETE /v1/conversations/:conversation_id',
  id: 'deleteConversation',
  action: 'deleting conversations',
  tag: 'Conversations',
  summary: 'Delete a group for all participants (owner)',
  auth: 'bearer',
  reply: ConversationDeleted,
  errors: ['FORBIDDEN', 'NOT_FOUND', 'CONFLICT'],
});

export const addParticipants = endpoint({
  route: 'POST /v1/conversations/:conversation_id/participants',
  id: 'addParticipants',
  action: 'adding participants',
  tag: 'Participants',
  summary: 'Add users to a group (owner and admins; idempotent)',
  description:
    'Name users by id (`user_ids`), or by e-mail address or user name (`participants`). Users who have blocked you cannot be added.',
  auth: 'bearer',
  body: NewParticipants,
  reply: Conversation,
  errors: ['FORBIDDEN', 'NOT_FOUND', 'CONFLICT'],
});

export const removeParticipant = endpoint({
  route: 'DELETE /v1/conversations/:conversation_id/participants/:user_id',
  id: 'removeParticipant',
  action: 'removing participants',
  tag: 'Participants',
  summary: 'Remove a participant from a group, or leave it',
  description:
    'The owner removes anybody, admins remove members. An owner who leaves is succeeded by the admin, or else the member, who joined first.',
  auth: 'bearer',
  reply: ParticipantRemoved,
  errors: ['FORBIDDEN', 'NOT_FOUND', 'CONFLICT'],
});

export const changeParticipantRole = endpoint({
  route: 'PATCH /v1/conversations/:conversation_id/participants/:user_id',
  id: 'changeParticipantRole',
  action: 'changing roles',
  tag: 'Participants',
  summary: 'Change the role of a participant of a group (owner)',
  description:
    'A group has exactly one owner: making another participant the owner makes you an admin.',
  auth: 'bearer',
  body: RoleChange,
  reply: Conversation,
  errors: ['FORBIDDEN', 'NOT_FOUND', 'CONFLICT'],
});

export const sendMessage = endpoint({
  route: 'POST /v1/messages',
  id: 'sendMessage',
  action: 'sending messages',
  tag: 'Messages',
  summary: 'Send a message (idempotent per client_message_id)',
  description: 'A retry with the same `client_message_id` returns the message stored first.',
  auth: 'bearer',
  body: NewMessage,
  reply: Message,
  status: 201,
  errors: ['FORBIDDEN', 'NOT_FOUND'],
  limit: { bucket: 'messages', perMinute: 100, countedBy: 'user' },
});

export const listMessages = endpoint({
  route: 'GET /v1/messages',
  id: 'listMessages',
  action: 'reading messages',
  tag: 'Messages',
  summary: 'List the messages of a conversation, newest first; without one, your inbox',
  description:
    'The inbox lists your conversations, each with its newest message and the number of unread messages.',
  auth: 'bearer',
  query: MessagesQuery,
  reply: MessagesReply,
  errors: ['NOT_FOUND'],
});

export const searchMessages = endpoint({
  route: 'GET /v1/messages/search',
  id: 'searchMessages',
  action: 'searching messages',
  tag: 'Messages',
  summary: 'Search for messages that contain every word, newest first',
  description:
    'Searches one conversation, or without `conversation_id` your most recently active ones. Encrypted messages are not found.',
  auth: 'bearer',
  query: SearchQuery,
  reply: MessagePage,
  errors: ['NOT_FOUND'],
  limit: { bucket: 'search', perMinute: 50, countedBy: 'user' },
});

export const listPins = endpoint({
  route: 'GET /v1/messages/pinned',
  id: 'listPins',
  action: 'listing pins',
  tag: 'Messages',
  summary: 'List the pinned messages of a conversation, newest pin first',
  auth: 'bearer',
  query: MessageQuery,
  reply: PinList,
  errors: ['NOT_FOUND'],
});

export const pinMessage = endpoint({
  route: 'PUT /v1/messages/:message_id/pin',
  id: 'pinMessage',
  action: 'pinning messages',
  tag: 'Messages',
  summary: 'Pin a message (in a group, owner and admins; idempotent)',
  description: `A conversation has at most ${PINS_MAX} pins.`,
  auth: 'bearer',
  query: MessageQuery,
  reply: Pin,
  errors: ['FORBIDDEN', 'NOT_FOUND', 'CONFLICT'],
});

export const unpinMessage = endpoint({
  route: 'DELETE /v1/messages/:message_id/pin',
  id: 'unpinMessage',
  action: 'unpinning messages',
  tag: 'Messages',
  summary: 'Unpin a message (in a group, owner and admins; idempotent)',
  auth: 'bearer',
  query: MessageQuery,
  reply: PinRemoved,
  errors: ['FORBIDDEN', 'NOT_FOUND'],
});

export const editMessage = endpoint({
  route: 'PATCH /v1/messages/:message_id',
  id: 'editMessage',
  action: 'editing messages',
  tag: 'Messages',
  summary: 'Edit a message (its sender)',
  description: 'Without `metadata` the stored metadata stay.',
  auth: 'bearer',
  query: MessageQuery,
  body: MessageEdit,
  reply: Message,
  errors: ['FORBIDDEN', 'NOT_FOUND'],
});

export const deleteMessage = endpoint({
  route: 'DELETE /v1/messages/:message_id',
  id: 'deleteMessage',
  action: 'deleting messages',
  tag: 'Messages',
  summary: 'Delete a message (its sender; in a group, owner and admins; idempotent)',
  description:
    'The message stays in the history with `deleted_at`, without content, metadata and reactions.',
  auth: 'bearer',
  query: MessageQuery,
  reply: Message,
  errors: ['FORBIDDEN', 'NOT_FOUND'],
});

export const forwardMessage = endpoint({
  route: 'POST /v1/messages/:message_id/forward',
  id: 'forwardMessage',
  action: 'forwarding messages',
  tag: 'Messages',
  summary: 'Forward a message to other conversations (idempotent per client_message_id)',
  description: `Forwards to at most ${FORWARD_MAX} conversations that you take part in. Encrypted messages cannot be forwarded: their readers could not decrypt them.`,
  auth: 'bearer',
  query: MessageQuery,
  body: Forward,
  reply: ForwardedMessages,
  errors: ['FORBIDDEN', 'NOT_FOUND', 'CONFLICT'],
});

export const addReaction = endpoint({
  route: 'PUT /v1/messages/:message_id/reactions/:emoji',
  id: 'addReaction',
  action: 'reacting to messages',
  tag: 'Messages',
  summary: 'React to a message (idempotent)',
  auth: 'bearer',
  query: MessageQuery,
  reply: Message,
  errors: ['FORBIDDEN', 'NOT_FOUND', 'CONFLICT'],
});

export const removeReaction = endpoint({
  route: 'DELETE /v1/messages/:message_id/reactions/:emoji',
  id: 'removeReaction',
  action: 'taking reactions back',
  tag: 'Messages',
  summary: 'Remove your reaction from a message (idempotent)',
  auth: 'bearer',
  query: MessageQuery,
  reply: Message,
  errors: ['NOT_FOUND'],
});

export const markMessagesRead = endpoint({
  route: 'POST /v1/messages/:message_id/read',
  id: 'markMessagesRead',
  action: 'read receipts',
  tag: 'Receipts',
  summary: 'Mark a conversation as read up to a message; never moves back',
  description: '`unread_count` counts up to 1,000.',
  auth: 'bearer',
  query: MessageQuery,
  reply: MessageRead,
  errors: ['NOT_FOUND'],
});

export const listReceipts = endpoint({
  route: 'GET /v1/messages/:message_id/receipts',
  id: 'listReceipts',
  action: 'reading receipts',
  tag: 'Receipts',
  summary: 'List the participants who have read a message, except its sender',
  description: 'Empty in a direct conversation where one participant has blocked the other.',
  auth: 'bearer',
  query: MessageQuery,
  reply: ReceiptList,
  errors: ['NOT_FOUND'],
});

export const setPresence = endpoint({
  route: 'POST /v1/presence',
  id: 'setPresence',
  action: 'presence',
  tag: 'Presence',
  summary: 'Set whether you are online; online lapses after a minute',
  description: 'Offline overrides open sockets until you open a further one.',
  auth: 'bearer',
  body: NewPresence,
  reply: Presence,
  errors: [],
});

export const getPresence = endpoint({
  route: 'GET /v1/presence',
  id: 'getPresence',
  action: 'presence of others',
  tag: 'Presence',
  summary: 'Get who is online; users who have blocked you look offline',
  auth: 'bearer',
  query: PresenceQuery,
  reply: PresenceList,
  errors: [],
});

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
  errors: ['FORBIDDEN', 'NOT_FOUND', 'CONFLICT'],
});

export const typingFrame = frame(chatSocket, {
  type: 'typing',
  id: 'typingFrame',
  action: 'typing',
  tag: 'Sockets',
  summary: 'Tell a conversation that you are typing, or no longer are',
  frame: chatClientFrames.typing,
  answer: AckFrame,
  errors: ['FORBIDDEN', 'NOT_FOUND'],
});

/** The answer to `resume`, after what was missed. */
const ResumedFrame = ChatServerFrame.options[8] satisfies z.ZodType<{ type: 'resumed' }>;

export const resumeFrame = frame(chatSocket, {
  type: 'resume',
  id: 'resumeFrame',
  action: 'resuming',
  tag: 'Sockets',
  summary: 'Receive what happened after a cursor',
  description:
    'Frames of the half minute before the cursor come again; drop those whose `message_id` or `cursor` you know. Where `complete` is false, read the history.',
  frame: chatClientFrames.resume,
  answer: ResumedFrame,
  errors: [],
});

/** Where a user came or went. */
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
  frame: chatClientFrames.read,
  answer: AckFrame,
  errors: ['NOT_FOUND'],
});
