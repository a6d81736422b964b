import { ChatServerFrame, Message } from '@secureconnect/contracts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { newWorld, type TestChat, type TestUser, type World } from './harness.ts';

let world: World;
let chat: TestChat;
let ada: TestUser;
let bob: TestUser;
let conversation: string;
let said: Message;
beforeAll(async () => {
  world = await newWorld();
  chat = await world.start();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  [ada, bob] = [await world.newUser(), await world.newUser()];
  conversation = await chat.direct(ada, bob);
  const body = { conversation_id: conversation, content: 'news' };
  said = Message.parse(await chat.data(ada, 'POST', '/v1/messages', body));
});

const pathOf = (emoji: string): string => {
  const query = `conversation_id=${conversation}`;
  return `/v1/messages/${said.message_id}/reactions/${encodeURIComponent(emoji)}?${query}`;
};
const react = (user: TestUser, emoji: string) => chat.call(user, 'PUT', pathOf(emoji));
const takeBack = (user: TestUser, emoji: string) => chat.call(user, 'DELETE', pathOf(emoji));

test('reactions are shown with the message, and each is announced', async () => {
  await using socket = await chat.open(ada, conversation);
  const reply = await react(bob, '👍🏽');
  expect(reply.status).toBe(200);
  expect(Message.parse(reply.body.data)).toEqual({
    ...said,
    reactions: [{ emoji: '👍🏽', user_ids: [bob.userId] }],
  });
  const frame = await socket.next('reaction');
  expect(ChatServerFrame.parse(frame)).toEqual(frame);
  const data = { message_id: said.message_id, user_id: bob.userId, emoji: '👍🏽', present: true };
  expect(frame).toMatchObject({ from: bob.userId, data });
  const both = await react(ada, '👍🏽');
  expect(both.body.data.reactions).toEqual([{ emoji: '👍🏽', user_ids: [bob.userId, ada.userId] }]);
  await socket.next('reaction');
  const left = await takeBack(bob, '👍🏽');
  expect(left.body.data.reactions).toEqual([{ emoji: '👍🏽', user_ids: [ada.userId] }]);
  expect(await socket.next('reaction')).toMatchObject({ data: { ...data, present: false } });
  const path = `/v1/messages?conversation_id=${conversation}`;
  expect((await chat.data(bob, 'GET', path)).messages).toEqual([left.body.data]);
});

test('a repeated reaction is not announced again', async () => {
  await react(bob, '🎉');
  await using socket = await chat.open(ada, conversation);
  expect(await react(bob, '🎉')).toMatchObject({ status: 200 });
  expect(await takeBack(ada, '🎉')).toMatchObject({ status: 200 });
  await react(bob, '❤️');
  expect(await socket.next('reaction')).toMatchObject({ data: { emoji: '❤️' } });
});

test('any short text without white space is a reaction', async () => {
  const emojis = ['👩‍👩‍👧‍👦', ':party:', '/', '%', '..x', 'ß', 'a'.repeat(32)];
  for (const emoji of emojis) expect(await react(bob, emoji)).toMatchObject({ status: 200 });
  const { reactions } = (await react(bob, emojis[0] ?? '')).body.data;
  expect(reactions.map((one: { emoji: string }) => one.emoji)).toEqual(emojis);
  for (const wrong of [
    ' ',
    'a b',
    'a\n',
    '\u0007',
    '\u0085',
    '\u00a0',
    'a'.repeat(33),
    '👍'.repeat(33),
  ]) {
    const reply = await react(bob, wrong);
    expect([reply.status, reply.body.error?.details?.[0]?.field]).toEqual([400, 'params.emoji']);
    expect(await takeBack(bob, wrong)).toMatchObject({ status: 400 });
  }
  const undecodable = pathOf('x').replace('/x?', '/%ff?');
  expect(await chat.call(bob, 'PUT', undecodable)).toMatchObject({ status: 400 });
});

test('only participants react, and only to existing messages', async () => {
  const eve = await world.newUser();
  expect(await react(eve, '👍')).toMatchObject({ status: 404 });
  await chat.data(ada, 'DELETE', `/v1/messages/${said.message_id}?conversation_id=${conversation}`);
  for (const reply of [await react(bob, '👍'), await takeBack(bob, '👍')]) {
    expect(reply).toMatchObject({ status: 404, body: { error: { code: 'NOT_FOUND' } } });
  }
});
