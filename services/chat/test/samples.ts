import type { chat } from '@secureconnect/contracts/endpoints';
import type { KnownUser, SamplesOf, StoredEffect } from '@secureconnect/testkit';
import { conversationChangeSamples } from './conversation-samples.ts';
import { findingSamples } from './finding-samples.ts';
import { messageSamples } from './message-samples.ts';
import { conversation } from './sample-scenes.ts';

/** Two users have a conversation with each other. */
const haveOne = (one: KnownUser, other: KnownUser): StoredEffect => ({
  count: `SELECT count(*) FROM chat.participants AS one
    JOIN chat.participants AS other USING (conversation_id)
    WHERE one.user_id = $1 AND other.user_id = $2`,
  values: [one.userId, other.userId],
});

/** A user takes part in a conversation. */
const takesPart = (conversationId: string, userId: string): StoredEffect => ({
  count: 'SELECT count(*) FROM chat.participants WHERE conversation_id = $1 AND user_id = $2',
  values: [conversationId, userId],
});

/** What a request to a row with a directory uses when it names nobody by address or name. */
const withoutNames = ['revocations', 'fanOut'];

/** A request for each row of chat; two where the row depends on what is asked. */
export const chatSamples: SamplesOf<typeof chat> = {
  ...conversationChangeSamples,
  ...messageSamples,
  ...findingSamples,
  'POST /v1/conversations': [
    {
      status: 201,
      ports: withoutNames,
      async prepare(world) {
        const [ada, bob] = [await world.knownUser(), await world.knownUser()];
        const body = { type: 'direct', participant_ids: [bob.userId] };
        const effect = haveOne(ada, bob);
        return { path: '/v1/conversations', token: ada.token, body, effect };
      },
    },
    {
      status: 201,
      async prepare(world) {
        const [ada, bob] = [await world.knownUser(), await world.knownUser()];
        const body = { type: 'direct', participants: [{ email: bob.email }] };
        const effect = haveOne(ada, bob);
        return { path: '/v1/conversations', token: ada.token, body, effect };
      },
    },
  ],
  'GET /v1/conversations': {
    status: 200,
    async prepare(world) {
      const { ada } = await conversation(world);
      return { path: '/v1/conversations', token: ada.token };
    },
  },
  'GET /v1/conversations/:conversation_id': {
    status: 200,
    async prepare(world) {
      const { ada, conversationId } = await conversation(world);
      return { path: `/v1/conversations/${conversationId}`, token: ada.token };
    },
  },
  'POST /v1/conversations/:conversation_id/participants': [
    {
      status: 200,
      ports: withoutNames,
      async prepare(world) {
        const { ada, conversationId } = await conversation(world);
        const { userId } = await world.knownUser();
        const path = `/v1/conversations/${conversationId}/participants`;
        const effect = takesPart(conversationId, userId);
        return { path, token: ada.token, body: { user_ids: [userId] }, effect };
      },
    },
    {
      status: 200,
      async prepare(world) {
        const { ada, conversationId } = await conversation(world);
        const { username, userId } = await world.knownUser();
        const path = `/v1/conversations/${conversationId}/participants`;
        const effect = takesPart(conversationId, userId);
        return { path, token: ada.token, body: { participants: [{ username }] }, effect };
      },
    },
  ],
  'DELETE /v1/conversations/:conversation_id/participants/:user_id': {
    status: 200,
    async prepare(world) {
      const { ada, bob, conversationId } = await conversation(world);
      const path = `/v1/conversations/${conversationId}/participants/${bob.userId}`;
      const effect = {
        count: `SELECT count(*) FROM chat.conversations WHERE conversation_id = $1 AND NOT EXISTS
          (SELECT 1 FROM chat.participants WHERE conversation_id = $1 AND user_id = $2)`,
        values: [conversationId, bob.userId],
      };
      return { path, token: ada.token, effect };
    },
  },
  'POST /v1/messages': {
    status: 201,
    async prepare(world) {
      const { ada, conversationId } = await conversation(world);
      const body = { conversation_id: conversationId, content: 'Hello.' };
      const effect = {
        count: `SELECT count(*) FROM chat.messages
          WHERE conversation_id = $1 AND sender_id = $2 AND content = $3`,
        values: [conversationId, ada.userId, body.content],
      };
      return { path: '/v1/messages', token: ada.token, body, effect };
    },
  },
  'GET /v1/messages': [
    {
      status: 200,
      async prepare(world) {
        const { ada, conversationId } = await conversation(world);
        return { path: `/v1/messages?conversation_id=${conversationId}`, token: ada.token };
      },
    },
    {
      status: 200,
      async prepare(world) {
        const { ada } = await conversation(world);
        return { path: '/v1/messages', token: ada.token };
      },
    },
  ],
  'POST /v1/presence': {
    status: 200,
    async prepare(world) {
      const { token } = await world.knownUser();
      const effect = 'none: presence lapses, and is in Redis alone';
      return { path: '/v1/presence', token, body: { online: true }, effect };
    },
  },
  'GET /v1/presence': {
    status: 200,
    async prepare(world) {
      const { token, userId } = await world.knownUser();
      return { path: `/v1/presence?user_ids=${userId}`, token };
    },
  },
};
