import { randomUUID } from 'node:crypto';
import { ChatServerFrame, type Message, ReceiptList } from '@secureconnect/contracts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { newWorld, type TestChat, type TestUser, type World } from './harness.ts';

let world: World;
let chat: TestChat;
let ada: TestUser;
let bob: TestUser;
let group: string;
let said: Message[];
beforeAll(async () => {
  world = await newWorld();
  chat = await world.start();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  [ada, bob] = [await world.newUser(), await world.newUser()];
  group = await chat.group(ada, bob);
  said = [];
  for (const content of ['1', '2', '3']) {
    const body = { conversation_id: group, content };
    said.push(await chat.data(ada, 'POST', '/v1/messages', body));
  }
});

const pathOf = (index: number, below: string): string =>
  `/v1/messages/${said[index]?.message_id}/${below}?conversation_id=${group}`;
const read = (user: TestUser, index: number) => chat.call(user, 'POST', pathOf(index, 'read'));
const receipts = async (index: number, user = ada) =>
  ReceiptList.parse(await chat.data(user, 'GET', pathOf(index, 'receipts'))).receipts;

test('reading moves the mark forward, never back, and is announced when it moves', async () => {
  await using socket = await chat.open(ada, group);
  const expected = [1, 1, 0];
  for (const [turn, index] of [1, 0, 2].entries()) {
    expect(await read(bob, index)).toMatchObject({
      status: 200,
      body: {
        data: {
          conversation_id: group,
          message_id: said[index]?.message_id,
          unread_count: expected[turn],
        },
      },
    });
    const { inbox } = await chat.data(bob, 'GET', '/v1/messages');
    expect(inbox[0].unread_count).toBe(expected[turn]);
  }
  for (const index of [1, 2]) {
    const frame = await socket.next('read');
    expect(ChatServerFrame.parse(frame)).toEqual(frame);
    const data = { message_id: said[index]?.message_id };
    expect(frame).toMatchObject({ from: bob.userId, conversation_id: group, data });
  }
  expect(socket.frames).toEqual([]);
});

test('receipts name the others who have read so far', async () => {
  const eve = await world.newUser();
  const late = { user_ids: [eve.userId] };
  await chat.data(ada, 'POST', `/v1/conversations/${group}/participants`, late);
  expect(await receipts(0)).toEqual([]);
  await read(bob, 1);
  await read(ada, 2);
  const bobs = { user_id: bob.userId, read_message_id: said[1]?.message_id };
  expect(await receipts(0)).toEqual([bobs]);
  expect(await receipts(1, bob)).toEqual([bobs]);
  expect(await receipts(2)).toEqual([]);
});

test('a deleted message is read too', async () => {
  await chat.data(ada, 'DELETE', pathOf(2, '').replace('/?', '?'));
  expect(await read(bob, 2)).toMatchObject({ status: 200, body: { data: { unread_count: 0 } } });
  expect(await receipts(2)).toHaveLength(1);
});

test('both are for participants, and for existing messages', async () => {
  const eve = await world.newUser();
  const unknown = `/v1/messages/${randomUUID()}`;
  for (const [user, method, path] of [
    [eve, 'POST', pathOf(0, 'read')],
    [eve, 'GET', pathOf(0, 'receipts')],
    [bob, 'POST', `${unknown}/read?conversation_id=${group}`],
    [bob, 'GET', `${unknown}/receipts?conversation_id=${group}`],
  ] as const) {
    expect(await chat.call(user, method, path)).toMatchObject({ status: 404 });
  }
});
