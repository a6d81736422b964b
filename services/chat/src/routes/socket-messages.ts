import { chat } from '@secureconnect/contracts/endpoints';
import { changeReaction, deleteMessage, editMessage } from '../operations/change-message.ts';
import { readUpTo } from '../operations/read-messages.ts';
import { sendMessage } from '../operations/send-message.ts';
import { tell } from '../operations/tell.ts';
import { frame, tellsOfMessages } from './route.ts';

/** Frames that send and change messages; each does the same as its HTTP route. */
export const socketMessageRoutes = {
  chatFrame: frame(
    chat.chatFrame,
    tellsOfMessages,
    async ({ user, frame, socket, context }, { fanOut, messages }) => {
      const { conversation_id: conversationId, data } = frame;
      const { message, event } = await sendMessage(
        { ...context, messages },
        user.userId,
        conversationId,
        data,
      );
      await tell(fanOut, event, socket.id);
      return { type: 'ack' as const, message };
    },
  ),
  editedFrame: frame(
    chat.editedFrame,
    tellsOfMessages,
    async ({ user, frame, socket, context }, { fanOut, messages }) => {
      const { message_id: messageId, ...edit } = frame.data;
      const key = { conversationId: frame.conversation_id, messageId };
      const { message, event } = await editMessage(
        { ...context, messages },
        user.userId,
        key,
        edit,
      );
      await tell(fanOut, event, socket.id);
      return { type: 'ack' as const, message };
    },
  ),
  deletedFrame: frame(
    chat.deletedFrame,
    tellsOfMessages,
    async ({ user, frame, socket, context }, { fanOut, messages }) => {
      const key = { conversationId: frame.conversation_id, messageId: frame.data.message_id };
      const { message, event } = await deleteMessage({ ...context, messages }, user.userId, key);
      await tell(fanOut, event, socket.id);
      return { type: 'ack' as const, message };
    },
  ),
  reactionFrame: frame(
    chat.reactionFrame,
    tellsOfMessages,
    async ({ user, frame, socket, context }, { fanOut, messages }) => {
      const { message_id: messageId, emoji, present } = frame.data;
      const key = { conversationId: frame.conversation_id, messageId };
      const change = await changeReaction(
        { ...context, messages },
        user.userId,
        key,
        emoji,
        present,
      );
      await tell(fanOut, change.event, socket.id);
      return { type: 'ack' as const, message: change.message };
    },
  ),
  readFrame: frame(
    chat.readFrame,
    tellsOfMessages,
    async ({ user, frame, socket, context }, { fanOut, messages }) => {
      const key = { conversationId: frame.conversation_id, messageId: frame.data.message_id };
      const { event } = await readUpTo({ ...context, messages }, user.userId, key);
      await tell(fanOut, event, socket.id);
      return undefined;
    },
  ),
};
