import type { chat } from '@secureconnect/contracts/endpoints';
import type { SamplesOf } from '@secureconnect/testkit';
import { message } from './sample-scenes.ts';

/** Requests to the rows by which messages are found again. */
export const findingSamples = {
  'GET /v1/messages/search': [
    {
      status: 200,
      async prepare(world) {
        const { bob, conversationId } = await message(world);
        const query = `q=hello&conversation_id=${conversationId}`;
        return { path: `/v1/messages/search?${query}`, token: bob.token };
      },
    },
    {
      status: 200,
      async prepare(world) {
        const { bob } = await message(world);
        return { path: '/v1/messages/search?q=hello', token: bob.token };
      },
    },
  ],
  'GET /v1/messages/pinned': {
    status: 200,
    async prepare(world) {
      const { ada, conversationId, path } = await message(world);
      await world.data('chat', 'PUT', path('/pin'), { token: ada.token });
      const query = `conversation_id=${conversationId}`;
      return { path: `/v1/messages/pinned?${query}`, token: ada.token };
    },
  },
  'PUT /v1/messages/:message_id/pin': {
    status: 200,
    async prepare(world) {
      const { ada, messageId, path } = await message(world);
      const effect = {
        count: 'SELECT count(*) FROM chat.pins WHERE message_id = $1 AND pinned_by = $2',
        values: [messageId, ada.userId],
      };
      return { path: path('/pin'), token: ada.token, effect };
    },
  },
  'DELETE /v1/messages/:message_id/pin': {
    status: 200,
    async prepare(world) {
      const { ada, messageId, path } = await message(world);
      await world.data('chat', 'PUT', path('/pin'), { token: ada.token });
      const effect = {
        count: `SELECT count(*) FROM chat.messages WHERE message_id = $1 AND NOT EXISTS
          (SELECT 1 FROM chat.pins WHERE message_id = $1)`,
        values: [messageId],
      };
      return { path: path('/pin'), token: ada.token, effect };
    },
  },
} satisfies Partial<SamplesOf<typeof chat>>;
