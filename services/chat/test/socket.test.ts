import { randomUUID } from 'node:crypto';
import { ChatServerFrame } from '@secureconnect/contracts';
import { eventually } from '@secureconnect/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newWorld, type TestChat, type TestUser, type World } from './harness.ts';

let world: World;
let chat: TestChat;
let ada: TestUser;
let bob: TestUser;
let conversation: string;
beforeAll(async () => {
  world = await newWorld();
  chat = await world.start();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  [ada, bob] = [await world.newUser(), await world.newUser()];
  conversation = await chat.direct(ada, bob);
});

const said = (content: string, more: object = {}) => ({
  type: 'chat',
  id: content,
  conversation_id: conversation,
  data: { content, ...more },
});

describe('two users', () => {
  test('chat: stored, acknowledged, delivered once', async () => {
    await using adaSocket = await chat.open(ada, conversation);
    await using bobSocket = await chat.open(bob, conversation);
    await adaSocket.next('user_joined');
    const ack = await adaSocket.ask(said('hello', { metadata: { k: 1 } }), 'ack');
    const frame = await bobSocket.next('chat');
    expect(ChatServerFrame.parse(ack)).toEqual(ack);
    expect(ChatServerFrame.parse(frame)).toEqual(frame);
    expect(frame).toMatchObject({ conversation_id: conversation, from: ada.userId });
    expect(frame['data']).toEqual(ack['message']);
    const path = `/v1/messages?conversation_id=${conversation}`;
    expect((await chat.data(bob, 'GET', path)).messages).toEqual([frame['data']]);
    await bobSocket.ask(said('hello back'), 'ack');
    expect(await adaSocket.next('chat')).toMatchObject({ data: { content: 'hello back' } });
    expect([...adaSocket.frames, ...bobSocket.frames]).toEqual([]);
  });

  test('send nothing twice with the same client_message_id', async () => {
    await using adaSocket = await chat.open(ada, conversation);
    await using bobSocket = await chat.open(bob, conversation);
    const frame = said('once', { client_message_id: 'c' });
    const first = await adaSocket.ask(frame, 'ack');
    expect(await adaSocket.ask(frame, 'ack')).toEqual(first);
    const body = { conversation_id: conversation, content: 'once', client_message_id: 'c' };
    expect(await chat.data(ada, 'POST', '/v1/messages', body)).toEqual(first['message']);
    await adaSocket.ask(said('end'), 'ack');
    expect(await bobSocket.next('chat')).toMatchObject({ data: { content: 'once' } });
    expect(await bobSocket.next('chat')).toMatchObject({ data: { content: 'end' } });
  });

  test('receive messages sent over HTTP, on every socket, also on the sender’s', async () => {
    await using adaSocket = await chat.open(ada, conversation);
    await using bobSocket = await chat.open(bob);
    const body = { conversation_id: conversation, content: 'by HTTP' };
    const message = await chat.data(ada, 'POST', '/v1/messages', body);
    for (const socket of [adaSocket, bobSocket]) {
      expect((await socket.next('chat'))['data']).toEqual(message);
    }
  });

  test('see each other type, read, come and go', async () => {
    await using adaSocket = await chat.open(ada, conversation);
    const bobSocket = await chat.open(bob, conversation);
    const joined = await adaSocket.next('user_joined');
    expect(ChatServerFrame.parse(joined)).toEqual(joined);
    expect(joined).toMatchObject({ from: bob.userId, data: { user_id: bob.userId } });
    const bobPhone = await chat.open(bob);
    bobSocket.send({ type: 'typing', conversation_id: conversation });
    const typing = await adaSocket.next('typing');
    expect(ChatServerFrame.parse(typing)).toEqual(typing);
    expect(typing).toMatchObject({ from: bob.userId, data: { is_typing: true } });

    const { message } = await adaSocket.ask(said('read this'), 'ack');
    const { message_id } = message as { message_id: string };
    await bobSocket.next('chat');
    const unread = async () => (await chat.data(bob, 'GET', '/v1/messages')).inbox[0].unread_count;
    expect(await unread()).toBe(1);
    bobSocket.send({ type: 'read', conversation_id: conversation, data: { message_id } });
    const read = await adaSocket.next('read');
    expect(ChatServerFrame.parse(read)).toEqual(read);
    expect(read).toMatchObject({ from: bob.userId, data: { message_id } });
    expect(await unread()).toBe(0);

    // The phone came second, so only the last of the two to go is told of.
    await bobSocket.close();
    await bobPhone.ask({ type: 'chat', id: 'x', conversation_id: randomUUID(), data: {} }, 'error');
    expect(adaSocket.frames).toEqual([]);
    await bobPhone.close();
    expect(await adaSocket.next('user_left')).toMatchObject({ data: { user_id: bob.userId } });
  });

  test('read marks never go back', async () => {
    await using bobSocket = await chat.open(bob, conversation);
    await using adaSocket = await chat.open(ada, conversation);
    const ids: string[] = [];
    for (const content of ['1', '2', '3']) {
      const { message } = await adaSocket.ask(said(content), 'ack');
      ids.push((message as { message_id: string }).message_id);
    }
    const expected = [1, 1, 0];
    for (const [index, id] of [ids[1], ids[0], ids[2]].entries()) {
      const data = { message_id: id };
      await bobSocket.ask({ type: 'read', id: 'r', conversation_id: conversation, data }, 'ack');
      const { inbox } = await chat.data(bob, 'GET', '/v1/messages');
      expect(inbox[0].unread_count).toBe(expected[index]);
    }
    // Nobody is told of a mark that stays where it is.
    for (const id of [ids[1], ids[2]]) {
      expect(await adaSocket.next('read')).toMatchObject({ data: { message_id: id } });
    }
    expect(adaSocket.frames.filter(({ type }) => type === 'read')).toEqual([]);
  });
});

test('two instances over one Redis are one', async () => {
  const other = await world.start();
  await using adaSocket = await chat.open(ada, conversation);
  await using bobSocket = await other.open(bob);
  expect(await adaSocket.next('user_joined')).toMatchObject({ from: bob.userId });
  await adaSocket.ask(said('across'), 'ack');
  expect(await bobSocket.next('chat')).toMatchObject({ data: { content: 'across' } });
  bobSocket.send({ type: 'typing', conversation_id: conversation, data: { is_typing: false } });
  expect(await adaSocket.next('typing')).toMatchObject({ data: { is_typing: false } });
  expect(bobSocket.frames).toEqual([]);
});

describe('memberships', () => {
  test('a socket for all conversations follows them: here at once, elsewhere soon', async () => {
    const other = await world.start();
    await using bobHere = await chat.open(bob);
    await using bobElsewhere = await other.open(bob);
    conversation = await chat.group(ada, bob);
    const speak = (content: string) =>
      chat.data(ada, 'POST', '/v1/messages', { conversation_id: conversation, content });
    await speak('first');
    expect(await bobHere.next('chat')).toMatchObject({ data: { content: 'first' } });
    await eventually(async () => {
      await speak('again');
      expect(bobElsewhere.frames).not.toEqual([]);
    });
    const path = `/v1/conversations/${conversation}/participants/${bob.userId}`;
    await chat.data(ada, 'DELETE', path);
    await eventually(async () => {
      bobElsewhere.send({ type: 'typing', id: 'theirs', conversation_id: conversation });
      bobElsewhere.send({ type: 'typing', id: 'nobody’s', conversation_id: randomUUID() });
      expect(await bobElsewhere.next('error')).toMatchObject({ id: 'theirs' });
    });
    bobHere.frames.length = 0;
    await speak('without bob');
    conversation = await chat.direct(ada, bob);
    await speak('to bob');
    expect(await bobHere.next('chat')).toMatchObject({ data: { content: 'to bob' } });
    expect(bobHere.frames.filter(({ type }) => type === 'chat')).toEqual([]);
  });

  test('a socket for one conversation closes when its user has left that', async () => {
    conversation = await chat.group(ada, bob);
    await using adaSocket = await chat.open(ada, conversation);
    const bobSocket = await chat.open(bob, conversation);
    const path = `/v1/conversations/${conversation}/participants/${bob.userId}`;
    await chat.data(ada, 'DELETE', path);
    expect(await bobSocket.closed).toEqual({ code: 4404, reason: 'not found' });
    expect(await adaSocket.next('user_left')).toMatchObject({ from: bob.userId });
  });
});
