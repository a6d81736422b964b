import type { Message } from '@secureconnect/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newWorld, type TestChat, type TestUser, type World } from './harness.ts';

let world: World;
let chat: TestChat;
let ada: TestUser;
let bob: TestUser;
beforeAll(async () => {
  world = await newWorld();
  chat = await world.start();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  [ada, bob] = [await world.newUser(), await world.newUser()];
});

const block = (blocker: TestUser, blocked: TestUser) =>
  world.database.execute('INSERT INTO auth.user_blocks VALUES ($1, $2, now())', [
    blocker.userId,
    blocked.userId,
  ]);
const unblock = (blocker: TestUser) =>
  world.database.execute('DELETE FROM auth.user_blocks WHERE blocker_id = $1', [blocker.userId]);
const say = (user: TestUser, id: string, content = 'hi') =>
  chat.call(user, 'POST', '/v1/messages', { body: { conversation_id: id, content } });
const create = (user: TestUser, type: string, ...others: TestUser[]) =>
  chat.call(user, 'POST', '/v1/conversations', {
    body: { type, participant_ids: others.map(({ userId }) => userId) },
  });
const message = 'You and this user cannot reach each other.';
const outOfReach = { status: 403, body: { error: { code: 'FORBIDDEN', message } } };

describe('in a direct conversation with a block', () => {
  let direct: string;
  let said: Message;
  let path: string;
  beforeEach(async () => {
    direct = await chat.direct(ada, bob);
    said = (await say(bob, direct, 'before')).body.data;
    path = `/v1/messages/${said.message_id}`;
    await block(ada, bob);
  });

  test('nobody sends, changes or forwards anything, whichever user blocked the other', async () => {
    const query = `?conversation_id=${direct}`;
    const group = await chat.group(ada, bob);
    const elsewhere = (await say(bob, group)).body.data;
    const to = { to_conversation_ids: [direct] };
    const forward = `/v1/messages/${elsewhere.message_id}/forward?conversation_id=${group}`;
    for (const user of [ada, bob]) {
      for (const reply of [
        await say(user, direct),
        await chat.call(user, 'PATCH', `${path}${query}`, { body: { content: 'x' } }),
        await chat.call(user, 'PUT', `${path}/reactions/x${query}`),
        await chat.call(user, 'POST', forward, { body: to }),
        await chat.call(user, 'PUT', `${path}/pin${query}`),
        await chat.call(user, 'PATCH', `/v1/conversations/${direct}/settings`, { body: { a: 1 } }),
        await create(user, 'direct', user === ada ? bob : ada),
      ]) {
        expect(reply).toMatchObject(outOfReach);
      }
    }
    await using socket = await chat.open(bob, direct);
    const frame = { type: 'chat', id: '1', conversation_id: direct, data: { content: 'x' } };
    for (const one of [frame, { ...frame, type: 'typing', data: {} }]) {
      const error = { code: 'FORBIDDEN', message, id: '1' };
      expect(await socket.ask(one, 'error')).toMatchObject(error);
    }
  });

  test('both still read, and delete their own messages', async () => {
    const history = `/v1/messages?conversation_id=${direct}`;
    for (const user of [ada, bob]) {
      expect((await chat.data(user, 'GET', history)).messages).toEqual([said]);
    }
    const query = `?conversation_id=${direct}`;
    expect(await chat.call(ada, 'POST', `${path}/read${query}`)).toMatchObject({ status: 200 });
    expect(await chat.call(bob, 'DELETE', `${path}${query}`)).toMatchObject({ status: 200 });
  });

  test('read marks are not announced to the other, and are stored', async () => {
    const query = `?conversation_id=${direct}`;
    await using bobSocket = await chat.open(bob, direct);
    const unread = async () => (await chat.data(ada, 'GET', '/v1/messages')).inbox[0].unread_count;
    expect(await unread()).toBe(1);
    const read = await chat.data(ada, 'POST', `${path}/read${query}`);
    expect([read.unread_count, await unread()]).toEqual([0, 0]);
    expect(await chat.data(bob, 'GET', `${path}/receipts${query}`)).toEqual({ receipts: [] });
    await chat.data(bob, 'DELETE', `${path}${query}`);
    await bobSocket.next('deleted');
    expect(bobSocket.frames).toEqual([]);
  });

  test('a blocked user does not hear the other come and go', async () => {
    const query = `?conversation_id=${direct}`;
    await using bobSocket = await chat.open(bob, direct);
    const adaSocket = await chat.open(ada, direct);
    const bobPhone = await chat.open(bob);
    await bobPhone.close();
    await bobSocket.close();
    expect(await adaSocket.next('user_left')).toMatchObject({ from: bob.userId });
    await using bobAgain = await chat.open(bob, direct);
    expect(await adaSocket.next('user_joined')).toMatchObject({ from: bob.userId });
    await adaSocket.close();
    await chat.data(bob, 'DELETE', `${path}${query}`);
    await bobAgain.next('deleted');
    expect([bobSocket.frames, bobAgain.frames]).toEqual([[], []]);
  });

  test('everything is as before once the block is removed', async () => {
    await unblock(ada);
    expect(await say(bob, direct)).toMatchObject({ status: 201 });
    expect(await create(bob, 'direct', ada)).toMatchObject({
      status: 201,
      body: { data: { conversation_id: direct } },
    });
  });
});

describe('groups', () => {
  test('a user cannot be added by a user they have blocked, and is named', async () => {
    const eve = await world.newUser();
    await block(bob, ada);
    const made = await create(ada, 'group', eve, bob);
    expect(made).toMatchObject({ status: 403, body: { error: { code: 'FORBIDDEN' } } });
    expect(made.body.error?.details?.[0]?.field).toBe('body.participant_ids[1]');
    const group = await chat.group(ada, eve);
    const participants = `/v1/conversations/${group}/participants`;
    const byName = { participants: [{ email: bob.email }] };
    const added = await chat.call(ada, 'POST', participants, { body: byName });
    expect([added.status, added.body.error?.details?.[0]?.field]).toEqual([
      403,
      'body.participants[0]',
    ]);
    const path = `/v1/conversations/${group}`;
    expect(await chat.call(bob, 'GET', path)).toMatchObject({ status: 404 });
  });

  test('a user may add a user they have blocked, and a block changes nothing within', async () => {
    await block(ada, bob);
    const group = await chat.group(ada, bob);
    for (const user of [ada, bob]) expect(await say(user, group)).toMatchObject({ status: 201 });
  });
});

test('in a group a blocked user does not hear the other come and go, and the rest do', async () => {
  const eve = await world.newUser();
  await block(ada, bob);
  const group = await chat.group(ada, bob, eve);
  await using bobSocket = await chat.open(bob, group);
  await using eveSocket = await chat.open(eve, group);
  await bobSocket.next('user_joined');
  const adaSocket = await chat.open(ada);
  expect(await eveSocket.next('user_joined')).toMatchObject({ from: ada.userId });
  await adaSocket.close();
  expect(await eveSocket.next('user_left')).toMatchObject({ from: ada.userId });
  await say(ada, group, 'last');
  expect(await bobSocket.next('chat')).toMatchObject({ from: ada.userId });
  expect(bobSocket.frames).toEqual([]);
});

test('a user looks offline to the users they have blocked, and to nobody else', async () => {
  const eve = await world.newUser();
  await chat.data(ada, 'POST', '/v1/presence', { online: true });
  await block(ada, bob);
  const seenBy = async (user: TestUser) =>
    (await chat.data(user, 'GET', `/v1/presence?user_ids=${ada.userId}`)).presence;
  expect(await seenBy(bob)).toEqual([{ user_id: ada.userId, status: 'offline' }]);
  expect(await seenBy(eve)).toMatchObject([{ status: 'online' }]);
  await chat.data(bob, 'POST', '/v1/presence', { online: true });
  const path = `/v1/presence?user_ids=${bob.userId}`;
  expect((await chat.data(ada, 'GET', path)).presence).toMatchObject([{ status: 'online' }]);
});
