import { ChatServerFrame } from '@secureconnect/contracts';
import type { SocketClient } from '@secureconnect/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newWorld, type TestChat, type TestUser, type World } from './harness.ts';

let world: World;
let chat: TestChat;
let ada: TestUser;
let bob: TestUser;
let conversation: string;
let message: { readonly message_id: string };
beforeAll(async () => {
  world = await newWorld();
  chat = await world.start();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  [ada, bob] = [await world.newUser(), await world.newUser()];
  conversation = await chat.direct(ada, bob);
  const body = { conversation_id: conversation, content: 'hello' };
  message = await chat.data(ada, 'POST', '/v1/messages', body);
});

const frame = (type: string, data: object) => ({
  ...{ type, id: type, conversation_id: conversation },
  data: { message_id: message.message_id, ...data },
});

/** What another participant hears, checked against its schema. */
async function heardBy(socket: SocketClient, type: string) {
  const heard = await socket.next(type);
  expect(ChatServerFrame.parse(heard)).toEqual(heard);
  return heard['data'];
}

describe('over a socket', () => {
  test('a message is edited, reacted to and deleted, and the others receive it', async () => {
    await using adaSocket = await chat.open(ada, conversation);
    await using bobSocket = await chat.open(bob, conversation);
    const edited = await adaSocket.ask(frame('edited', { content: 'hello there' }), 'ack');
    expect(edited).toMatchObject({ message: { content: 'hello there' } });
    expect(await heardBy(bobSocket, 'edited')).toEqual(edited['message']);

    const reactions = [{ emoji: '👍', user_ids: [bob.userId] }];
    expect(await bobSocket.ask(frame('reaction', { emoji: '👍' }), 'ack')).toMatchObject({
      message: { reactions },
    });
    expect(await heardBy(adaSocket, 'reaction')).toMatchObject({ emoji: '👍', present: true });

    const deleted = await adaSocket.ask(frame('deleted', {}), 'ack');
    expect(deleted).toMatchObject({ message: { content: '' } });
    expect(await heardBy(bobSocket, 'deleted')).toEqual({
      message_id: message.message_id,
      deleted_at: expect.any(String),
    });
    expect(adaSocket.frames.filter(({ type }) => ['edited', 'deleted'].includes(type))).toEqual([]);
  });

  test.each([
    ['edited', { content: 'mine now' }, 'FORBIDDEN'],
    ['deleted', {}, 'FORBIDDEN'],
    ['edited', { content: '' }, 'VALIDATION_ERROR'],
    ['reaction', { emoji: 'a b' }, 'VALIDATION_ERROR'],
    ['reaction', { message_id: '00000000-0000-1000-8000-000000000000', emoji: '👍' }, 'NOT_FOUND'],
  ])('%s with %o by another is refused', async (type, data, code) => {
    await using bobSocket = await chat.open(bob, conversation);
    expect(await bobSocket.ask(frame(type, data), 'error')).toMatchObject({ code });
  });

  test('a frame that has no answer of its own is acknowledged where it has an id', async () => {
    await using adaSocket = await chat.open(ada, conversation);
    await using bobSocket = await chat.open(bob, conversation);
    expect(await bobSocket.ask(frame('read', {}), 'ack')).toEqual({ type: 'ack', id: 'read' });
    expect(await heardBy(adaSocket, 'read')).toEqual({ message_id: message.message_id });
  });

  test('typing says that other instances were not reached while Redis is down', async () => {
    await using adaSocket = await chat.open(ada, conversation);
    await using bobSocket = await chat.open(bob, conversation);
    await world.redis.kill();
    await chat.untilDegraded(true);
    const typing = { type: 'typing', id: 't', conversation_id: conversation };
    expect(await bobSocket.ask(typing, 'ack')).toEqual({
      ...{ type: 'ack', id: 't' },
      meta: { degraded: ['fan-out'] },
    });
    expect(await heardBy(adaSocket, 'typing')).toEqual({ is_typing: true });
    await world.redis.restart();
    await chat.untilDegraded(false);
  });
});
