import type { chat } from '@secureconnect/contracts/endpoints';
import type { SamplesOf } from '@secureconnect/testkit';
import { conversation } from './sample-scenes.ts';

/** Requests to the rows that change a conversation that is there. */
export const conversationChangeSamples = {
  'PATCH /v1/conversations/:conversation_id': {
    status: 200,
    async prepare(world) {
      const { ada, conversationId } = await conversation(world);
      const body = { title: 'Another title' };
      const effect = {
        count: 'SELECT count(*) FROM chat.conversations WHERE conversation_id = $1 AND title = $2',
        values: [conversationId, body.title],
      };
      return { path: `/v1/conversations/${conversationId}`, token: ada.token, body, effect };
    },
  },
  'PATCH /v1/conversations/:conversation_id/settings': {
    status: 200,
    async prepare(world) {
      const { ada, conversationId } = await conversation(world);
      const path = `/v1/conversations/${conversationId}/settings`;
      const body = { message_ttl: 86_400 };
      const effect = {
        count: `SELECT count(*) FROM chat.conversations
          WHERE conversation_id = $1 AND settings = $2::jsonb`,
        values: [conversationId, JSON.stringify(body)],
      };
      return { path, token: ada.token, body, effect };
    },
  },
  'DELETE /v1/conversations/:conversation_id': {
    status: 200,
    async prepare(world) {
      const { ada, conversationId } = await conversation(world);
      const effect = {
        count: `SELECT count(*) WHERE
          NOT EXISTS (SELECT 1 FROM chat.conversations WHERE conversation_id = $1)
          AND NOT EXISTS (SELECT 1 FROM chat.participants WHERE conversation_id = $1)`,
        values: [conversationId],
      };
      return { path: `/v1/conversations/${conversationId}`, token: ada.token, effect };
    },
  },
  'PATCH /v1/conversations/:conversation_id/participants/:user_id': {
    status: 200,
    async prepare(world) {
      const { ada, bob, conversationId } = await conversation(world);
      const path = `/v1/conversations/${conversationId}/participants/${bob.userId}`;
      const effect = {
        count: `SELECT count(*) FROM chat.participants AS old
          JOIN chat.participants AS new USING (conversation_id)
          WHERE conversation_id = $1 AND old.user_id = $2 AND old.role = 'admin'
            AND new.user_id = $3 AND new.role = 'owner'`,
        values: [conversationId, ada.userId, bob.userId],
      };
      return { path, token: ada.token, body: { role: 'owner' }, effect };
    },
  },
} satisfies Partial<SamplesOf<typeof chat>>;
