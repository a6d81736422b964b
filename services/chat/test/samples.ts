import { type Samples, type SampleUser, type SampleWorld, textField } from '@secureconnect/testkit';

interface SampleConversation {
  readonly ada: SampleUser;
  readonly bob: SampleUser;
  readonly conversationId: string;
}

async function conversation(world: SampleWorld): Promise<SampleConversation> {
  const [ada, bob] = [await world.user(), await world.user()];
  const body = { type: 'group', title: 'Sample', participant_ids: [bob.userId] };
  const data = await world.data('chat', 'POST', '/v1/conversations', { token: ada.token, body });
  return { ada, bob, conversationId: textField(data, 'conversation_id') };
}

/** What a request to a row with a directory uses when it names nobody by address or name. */
const withoutNames = ['revocations', 'fanOut'];

/** A request for each row of chat; two where the row depends on what is asked. */
export const chatSamples: Samples = {
  'POST /v1/conversations': [
    {
      status: 201,
      ports: withoutNames,
      async prepare(world) {
        const [ada, bob] = [await world.user(), await world.user()];
        const body = { type: 'direct', participant_ids: [bob.userId] };
        return { path: '/v1/conversations', token: ada.token, body };
      },
    },
    {
      status: 201,
      async prepare(world) {
        const [ada, bob] = [await world.user(), await world.user()];
        const body = { type: 'direct', participants: [{ email: bob.email }] };
        return { path: '/v1/conversations', token: ada.token, body };
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
        const { userId } = await world.user();
        const path = `/v1/conversations/${conversationId}/participants`;
        return { path, token: ada.token, body: { user_ids: [userId] } };
      },
    },
    {
      status: 200,
      async prepare(world) {
        const { ada, conversationId } = await conversation(world);
        const { username } = await world.user();
        const path = `/v1/conversations/${conversationId}/participants`;
        return { path, token: ada.token, body: { participants: [{ username }] } };
      },
    },
  ],
  'DELETE /v1/conversations/:conversation_id/participants/:user_id': {
    status: 200,
    async prepare(world) {
      const { ada, bob, conversationId } = await conversation(world);
      const path = `/v1/conversations/${conversationId}/participants/${bob.userId}`;
      return { path, token: ada.token };
    },
  },
  'POST /v1/messages': {
    status: 201,
    async prepare(world) {
      const { ada, conversationId } = await conversation(world);
      const body = { conversation_id: conversationId, content: 'Hello.' };
      return { path: '/v1/messages', token: ada.token, body };
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
      const { token } = await world.user();
      return { path: '/v1/presence', token, body: { online: true } };
    },
  },
  'GET /v1/presence': {
    status: 200,
    async prepare(world) {
      const { token, userId } = await world.user();
      return { path: `/v1/presence?user_ids=${userId}`, token };
    },
  },
};
