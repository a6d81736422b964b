import { type Message, Pin, PinList } from '@secureconnect/contracts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { pinMessage } from '../src/operations/pin-message.ts';
import type { MessageStore } from '../src/stores/message-store.ts';
import { pinsOf } from '../src/stores/pins.ts';
import { postgresMessages } from '../src/stores/postgres/postgres-messages.ts';
import { newWorld, type TestChat, type TestUser, type World } from './harness.ts';

let world: World;
let chat: TestChat;
let ada: TestUser;
let bob: TestUser;
let group: string;
beforeAll(async () => {
  world = await newWorld();
  chat = await world.start();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  [ada, bob] = [await world.newUser(), await world.newUser()];
  group = await chat.group(ada, bob);
});

const say = (content: string): Promise<Message> =>
  chat.data(ada, 'POST', '/v1/messages', { conversation_id: group, content });
const pathOf = (message: Message, below = ''): string =>
  `/v1/messages/${message.message_id}${below}?conversation_id=${message.conversation_id}`;
const pin = (user: TestUser, message: Message) => chat.call(user, 'PUT', pathOf(message, '/pin'));
const unpin = (user: TestUser, message: Message) =>
  chat.call(user, 'DELETE', pathOf(message, '/pin'));
const pinned = async (user: TestUser): Promise<Pin[]> => {
  const path = `/v1/messages/pinned?conversation_id=${group}`;
  return PinList.parse(await chat.data(user, 'GET', path)).pins;
};

test('pins are listed newest first, each once, until they are removed', async () => {
  const [first, second] = [await say('first'), await say('second')];
  const made = await pin(ada, first);
  expect(made.status).toBe(200);
  expect(Pin.parse(made.body.data)).toMatchObject({ message: first, pinned_by: ada.userId });
  await pin(ada, second);
  expect((await pin(ada, first)).body.data).toEqual(made.body.data);
  expect((await pinned(bob)).map(({ message }) => message)).toEqual([second, first]);
  for (const _ of ['there', 'gone']) {
    expect(await unpin(ada, second)).toMatchObject({
      status: 200,
      body: { data: { removed: true } },
    });
  }
  expect(await pinned(bob)).toEqual([made.body.data]);
});

test('a pinned message is shown as it is now, and not at all when it is deleted', async () => {
  const [first, second] = [await say('first'), await say('second')];
  for (const message of [first, second]) await pin(ada, message);
  await chat.data(ada, 'PATCH', pathOf(first), { content: 'edited' });
  await chat.data(ada, 'DELETE', pathOf(second));
  expect(await pinned(bob)).toMatchObject([{ message: { content: 'edited' } }]);
  expect(await pin(ada, second)).toMatchObject({ status: 404 });
});

test('a message that is deleted while it is being pinned keeps no pin', async () => {
  const message = await say('short-lived');
  const store = postgresMessages(world.database);
  let isDeleted = false;
  const find: MessageStore['find'] = async (key) => {
    const found = await store.find(key);
    if (!isDeleted) await chat.data(ada, 'DELETE', pathOf(message));
    isDeleted = true;
    return found;
  };
  const context = { database: world.database, messages: { ...store, find } };
  const key = { conversationId: group, messageId: message.message_id };
  await expect(pinMessage(context, ada.userId, key)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(await pinsOf(world.database, group)).toEqual([]);
});

test('in a group its owner and its admins pin; in a direct conversation both', async () => {
  const message = await say('news');
  expect(await pin(bob, message)).toMatchObject({ status: 403 });
  expect(await unpin(bob, message)).toMatchObject({ status: 403 });
  const eve = await world.newUser();
  expect(await pin(eve, message)).toMatchObject({ status: 404 });
  const path = `/v1/messages/pinned?conversation_id=${group}`;
  expect(await chat.call(eve, 'GET', path)).toMatchObject({ status: 404 });
  await chat.data(ada, 'PATCH', `/v1/conversations/${group}/participants/${bob.userId}`, {
    role: 'admin',
  });
  expect(await pin(bob, message)).toMatchObject({ status: 200 });
  group = await chat.direct(ada, bob);
  expect(await pin(bob, await say('direct'))).toMatchObject({ status: 200 });
});

test('a conversation has fifty pins and no more, under concurrency', async () => {
  await world.database.execute(
    `INSERT INTO chat.pins (conversation_id, message_id, pinned_by, pinned_at)
     SELECT $1, gen_random_uuid(), $2, now() FROM generate_series(1, 48)`,
    [group, ada.userId],
  );
  const messages = await Promise.all(['a', 'b', 'c', 'd'].map(say));
  const statuses = (await Promise.all(messages.map((one) => pin(ada, one)))).map(
    ({ status }) => status,
  );
  expect(statuses.toSorted()).toEqual([200, 200, 409, 409]);
  const [again] = messages.filter((_, index) => statuses[index] === 200);
  if (again === undefined) throw new Error('nothing was pinned');
  expect(await pin(ada, again)).toMatchObject({ status: 200 });
});
