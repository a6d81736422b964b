import {
  Conversation,
  ConversationChange,
  ConversationDeleted,
  SettingsChange,
} from '@secureconnect/contracts';
import { changeSettings, deleteConversation, renameConversation } from '../change-conversation.ts';
import { membershipChanged } from '../membership.ts';
import { fanOutHere, route } from './route.ts';

const path = '/v1/conversations/:conversation_id';

export const conversationChangeRoutes = [
  route.patch(
    path,
    {
      operation: 'renaming conversations',
      summary: 'Gives a group another title; its owner and its admins may',
      auth: 'bearer',
      body: ConversationChange,
      reply: Conversation,
      whenRedisDown: {},
    },
    async ({ user, params, body, context }) =>
      renameConversation(context.database, params.conversation_id, user.userId, body.title),
  ),
  route.patch(
    `${path}/settings`,
    {
      operation: 'changing settings',
      summary: 'Merges settings into those of a conversation; null takes a key away',
      auth: 'bearer',
      body: SettingsChange,
      reply: Conversation,
      whenRedisDown: {},
    },
    async ({ user, params, body, context }) =>
      changeSettings(context.database, params.conversation_id, user.userId, body),
  ),
  route.delete(
    path,
    {
      operation: 'deleting conversations',
      summary: 'Deletes a group for everybody; its owner may',
      auth: 'bearer',
      reply: ConversationDeleted,
      whenRedisDown: fanOutHere,
    },
    async ({ user, params, context }, { fanOut }) => {
      const { database } = context;
      const change = await deleteConversation(database, params.conversation_id, user.userId);
      await membershipChanged(context, fanOut, change);
      return { deleted: true as const };
    },
  ),
];
