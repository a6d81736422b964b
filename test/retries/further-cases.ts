import { randomUUID } from 'node:crypto';
import { type SampleUser, type SampleWorld, textField } from '@secureconnect/testkit';
import type { Case } from '../conformance/cases.ts';
import { httpCases } from '../conformance/cases.ts';

/** A way to use a row that is no sample of its own, by what it is called in docs/retries.md. */
export type FurtherCases = Readonly<Record<string, Case>>;

function rowOf(route: string): Pick<Case, 'service' | 'policy' | 'method'> {
  const found = httpCases().find(({ policy }) => policy.route === route);
  if (found === undefined) throw new Error(`there is no route ${route}`);
  return found;
}

async function group(world: SampleWorld, { token }: SampleUser): Promise<string> {
  const other = await world.user();
  const body = { type: 'group', title: 'Sample', participant_ids: [other.userId] };
  const made = await world.data('chat', 'POST', '/v1/conversations', { token, body });
  return textField(made, 'conversation_id');
}

const messagesIn = (conversationId: string) => ({
  count: 'SELECT count(*) FROM chat.messages WHERE conversation_id = $1',
  values: [conversationId],
});

export const furtherCases: FurtherCases = {
  'POST /v1/conversations, group': {
    ...rowOf('POST /v1/conversations'),
    sample: {
      status: 201,
      async prepare(world) {
        const [ada, bob] = [await world.user(), await world.user()];
        const body = { type: 'group', title: 'Sample', participant_ids: [bob.userId] };
        const count = 'SELECT count(*) FROM chat.conversations WHERE created_by = $1';
        const effect = { count, values: [ada.userId] };
        return { path: '/v1/conversations', token: ada.token, body, effect };
      },
    },
  },
  'POST /v1/messages, with a client_message_id': {
    ...rowOf('POST /v1/messages'),
    sample: {
      status: 201,
      async prepare(world) {
        const ada = await world.user();
        const conversation_id = await group(world, ada);
        const body = { conversation_id, content: 'once', client_message_id: randomUUID() };
        const effect = messagesIn(conversation_id);
        return { path: '/v1/messages', token: ada.token, body, effect };
      },
    },
  },
  'POST /v1/messages/:message_id/forward, with a client_message_id': {
    ...rowOf('POST /v1/messages/:message_id/forward'),
    sample: {
      status: 200,
      async prepare(world) {
        const ada = await world.user();
        const [from, to] = [await group(world, ada), await group(world, ada)];
        const { token } = ada;
        const said = { conversation_id: from, content: 'once' };
        const message = await world.data('chat', 'POST', '/v1/messages', { token, body: said });
        const id = textField(message, 'message_id');
        const path = `/v1/messages/${id}/forward?conversation_id=${from}`;
        const body = { to_conversation_ids: [to], client_message_id: randomUUID() };
        return { path, token, body, effect: messagesIn(to) };
      },
    },
  },
};
