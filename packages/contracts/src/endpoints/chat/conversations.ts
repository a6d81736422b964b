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
} from '../../conversations.ts';
import { endpoint } from '../../endpoint.ts';
import { PageQuery } from '../../page.ts';

export const createConversation = endpoint({
  route: 'POST /v1/conversations',
  id: 'createConversation',
  action: 'creating conversations',
  tag: 'Conversations',
  summary: 'Create a conversation; a pair of users has one direct conversation',
  description:
    'Name the others by user id (`participant_ids`), or by e-mail address or user name (`participants`). A direct conversation that exists is returned as it is. Refused with FORBIDDEN for e-mail addresses where the server finds nobody by them, where a user has blocked you, and for a direct conversation also where you have blocked the user.',
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
  description:
    'Each has its participants and settings. GET /v1/messages lists them with their newest message and the number of unread ones.',
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
  description: 'Has all participants and their roles. NOT_FOUND also for conversations of others.',
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
  description:
    'Refused with FORBIDDEN for other members, and with CONFLICT for a direct conversation, which has no title.',
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
  description:
    'Nobody can read its messages afterwards. Refused with CONFLICT for a direct conversation.',
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
    'Name users by id (`user_ids`), or by e-mail address or user name (`participants`). Users who have blocked you cannot be added. Refused with FORBIDDEN for e-mail addresses where the server finds nobody by them.',
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
