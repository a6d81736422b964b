import { randomUUID } from 'node:crypto';
import { ForwardedMessages, Message } from '@secureconnect/contracts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { newWorld, type TestChat, type TestUser, type World } from './harness.ts';

let world: World;
let chat: TestChat;
let ada: TestUser;
let bob: TestUser;
let source: string;
let targets: string[];
beforeAll(async () => {
  world = await newWorld();
  chat = await world.start();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  [ada, bob] = [await world.newUser(), await world.newUser()];
  source = await chat.direct(ada, bob);
  targets = [await chat.group(ada, bob), await chat.group(ada, bob)];
});

async function say(more: object = {}): Promise<Message> {
  const body = { conversation_id: source, content: 'news', ...more };
  return Message.parse(await chat.data(bob, 'POST', '/v1/messages', body));
}
const forward = (user: TestUser, message: Message, body: object) => {
  const query = `conversation_id=${message.conversation_id}`;
  return chat.call(user, 'POST', `/v1/messages/${message.message_id}/forward?${query}`, { body });
};
const history = async (id: string | undefined): Promise<Message[]> =>
  (await chat.data(ada, 'GET', `/v1/messages?conversation_id=${id}`)).messages;

test('a message is sent to each conversation, names its source, and is delivered', async () => {
  const said = await say({ message_type: 'file', metadata: { size: 7 } });
  await using socket = await chat.open(bob);
  const reply = await forward(ada, said, { to_conversation_ids: targets });
  expect(reply.status).toBe(200);
  const { messages } = ForwardedMessages.parse(reply.body.data);
  expect(messages.map((one) => one.conversation_id)).toEqual(targets);
  for (const message of messages) {
    expect(message).toMatchObject({
      sender_id: ada.userId,
      content: 'news',
      message_type: 'file',
      metadata: {
        size: 7,
        forwarded_from: {
          conversation_id: source,
          message_id: said.message_id,
          sender_id: bob.userId,
        },
      },
    });
    expect(await history(message.conversation_id)).toEqual([message]);
    expect((await socket.next('chat'))['data']).toEqual(message);
  }
});

test('the same client_message_id forwards once, and announces once', async () => {
  const said = await say();
  const body = { to_conversation_ids: targets, client_message_id: 'f' };
  const first = await forward(ada, said, body);
  await using socket = await chat.open(bob);
  expect((await forward(ada, said, body)).body.data).toEqual(first.body.data);
  expect(await history(targets[0])).toHaveLength(1);
  await say({ content: 'end' });
  expect(await socket.next('chat')).toMatchObject({ data: { content: 'end' } });
});

test('a client_message_id of before passes on no file, as its message has none', async () => {
  const body = { to_conversation_ids: targets.slice(0, 1), client_message_id: 'f' };
  await forward(ada, await say(), body);
  const withFile = await say({ message_type: 'file', metadata: { file_id: randomUUID() } });
  const again = await forward(ada, withFile, body);
  expect([again.status, again.body.data.messages[0].message_type]).toEqual([200, 'text']);
  const passedOn = await world.database.query(
    'SELECT file_id FROM chat.file_forwards WHERE conversation_id = $1',
    [targets[0] ?? ''],
  );
  expect(passedOn).toEqual([]);
});

test('the sender takes part in the source and in every target, otherwise nothing is sent', async () => {
  const said = await say();
  const eve = await world.newUser();
  const hers = await chat.group(eve, bob);
  const mixed = [...targets, hers];
  expect(await forward(ada, said, { to_conversation_ids: mixed })).toMatchObject({ status: 404 });
  expect(await forward(eve, said, { to_conversation_ids: [hers] })).toMatchObject({ status: 404 });
  expect(await history(targets[0])).toEqual([]);
});

test('encrypted and deleted messages are not forwarded', async () => {
  const to = { to_conversation_ids: targets };
  const secret = await say({ is_encrypted: true });
  expect(await forward(ada, secret, to)).toMatchObject({
    status: 409,
    body: { error: { code: 'CONFLICT' } },
  });
  const said = await say();
  await chat.data(bob, 'DELETE', `/v1/messages/${said.message_id}?conversation_id=${source}`);
  expect(await forward(ada, said, to)).toMatchObject({ status: 404 });
});

test('one to twenty conversations are named', async () => {
  const said = await say();
  const many = Array.from({ length: 21 }, () => randomUUID());
  for (const to of [[], many, ['x'], undefined]) {
    const reply = await forward(ada, said, { to_conversation_ids: to });
    expect([reply.status, reply.body.error?.code]).toEqual([400, 'VALIDATION_ERROR']);
  }
});
