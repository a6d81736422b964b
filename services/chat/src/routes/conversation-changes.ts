import { chat } from '@secureconnect/contracts/endpoints';
import {
  changeSettings,
  deleteConversation,
  renameConversation,
} from '../operations/change-conversation.ts';
import { membershipChanged } from '../operations/membership.ts';
import { fanOutHere, route } from './route.ts';

export const conversationChangeRoutes = {
  renameConversation: route(chat.renameConversation, {}, async ({ user, params, body, context }) =>
    renameConversation(context.database, params.conversation_id, user.userId, body.title),
  ),
  changeConversationSettings: route(
    chat.changeConversationSettings,
    {},
    async ({ user, params, body, context }) =>
      changeSettings(context.database, params.conversation_id, user.userId, body),
  ),
  deleteConversation: route(
    chat.deleteConversation,
    fanOutHere,
    async ({ user, params, context }, { fanOut }) => {
      const { database } = context;
      const change = await deleteConversation(database, params.conversation_id, user.userId);
      await membershipChanged(context, fanOut, change);
      return { deleted: true as const };
    },
  ),
};
