import { endpoint } from '../../endpoint.ts';
import {
  FORWARD_MAX,
  Forward,
  ForwardedMessages,
  MessageEdit,
  MessageQuery,
} from '../../message-changes.ts';
import { Message, MessagePage, MessagesQuery, MessagesReply, NewMessage } from '../../messages.ts';
import { PINS_MAX, Pin, PinList, PinRemoved } from '../../pins.ts';
import { MessageRead, ReceiptList } from '../../receipts.ts';
import { SearchQuery } from '../../search.ts';

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
  description: `The reply has all pins, at most ${PINS_MAX}. Pins of deleted messages are left out.`,
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
  description: 'The message stays. The reply is the same if the message was not pinned.',
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
  description:
    'Any text of up to 32 characters without white space is accepted; clients check that it is an emoji. A user can add several to a message. Refused with CONFLICT if the message has the maximum of reactions.',
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
  description:
    'Reactions of others stay. In contrast to adding one, this is allowed after a block.',
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
