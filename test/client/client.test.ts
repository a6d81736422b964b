import { randomUUID } from 'node:crypto';
import { type ChatEvent, Client, MemoryStore, type Message } from '@secureconnect/client';
import { eventually } from '@secureconnect/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack[Symbol.asyncDispose]());

const password = 'correct horse battery';

async function newClient(store = new MemoryStore()): Promise<Client> {
  const client = new Client({ baseUrl: stack.urls.gateway, store });
  const username = `user_${randomUUID().slice(0, 12)}`;
  const email = `${username}@example.com`;
  await client.signUp({ email, username, password, display_name: username });
  return client;
}

it('sends a message from one client to another', async () => {
  const [ada, bob] = [await newClient(), await newClient()];
  const bobId = (await bob.userId()) ?? '';
  const { conversation_id } = await ada.request('POST /v1/conversations', {
    body: { type: 'direct', participant_ids: [bobId] },
  });
  const events: ChatEvent[] = [];
  const states: string[] = [];
  await using closing = new AsyncDisposableStack();
  const received = await bob.openChat({
    onEvent: (event) => void events.push(event),
    onState: (state) => void states.push(state),
  });
  closing.defer(() => received.close());
  await eventually(() => expect(states).toEqual(['connecting', 'open']));
  const sending = await ada.openChat();
  closing.defer(() => sending.close());
  const message: Message = await sending.send({ conversation_id, content: 'See you at noon.' });
  await eventually(() =>
    expect(events.filter(({ type }) => type === 'chat')).toEqual([
      expect.objectContaining({
        data: expect.objectContaining({ message_id: message.message_id }),
      }),
    ]),
  );
  expect(await sending.outbox.entries()).toEqual([]);
});
