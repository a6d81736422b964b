import { randomUUID } from 'node:crypto';
import { ChatServerFrame } from '@secureconnect/contracts';
import { HandshakeRefused, type SocketClient } from '@secureconnect/testkit';
import { tokenOf } from '@secureconnect/tokens/testing';
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

describe('what a socket may not do', () => {
  let socket: SocketClient;
  beforeEach(async () => {
    socket = await chat.open(ada, conversation);
    return () => socket.close();
  });

  test('be opened for a conversation of others, or without a token', async () => {
    const eve = await world.newUser();
    for (const [user, id, status] of [
      [eve, conversation, 404],
      [ada, randomUUID(), 404],
      [ada, 'x', 400],
      [{ ...ada, token: 'x' }, conversation, 401],
    ] as const) {
      const refused = await chat.open(user, id).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(HandshakeRefused);
      expect(refused).toMatchObject({ status });
    }
  });

  test('write to, type in or read conversations of others', async () => {
    const eve = await world.newUser();
    const theirs = await chat.group(bob, eve);
    const cases = [
      { type: 'chat', data: { content: 'let me in' } },
      { type: 'typing' },
      { type: 'read', data: { message_id: randomUUID() } },
    ];
    for (const frame of cases) {
      const error = await socket.ask({ ...frame, id: 'e', conversation_id: theirs }, 'error');
      expect(error).toMatchObject({ code: 'NOT_FOUND', id: 'e' });
    }
    const read = { type: 'read', id: 'r', conversation_id: conversation };
    const unknown = await socket.ask({ ...read, data: { message_id: randomUUID() } }, 'error');
    expect(unknown).toMatchObject({ code: 'NOT_FOUND', message: 'There is no such message.' });
  });

  test('send anything but frames', async () => {
    const cases: [object | string, string][] = [
      ['{', 'The frame is not valid JSON.'],
      [{ type: 'shout' }, 'frame.type expected "typing" or "resume" or "ping"'],
      [{ type: 'user_joined', conversation_id: conversation }, 'frame.type expected "typing"'],
      [{ type: 'chat', conversation_id: conversation }, 'frame.data is required'],
      [{ ...said('x'), data: { content: '' } }, 'frame.data.content'],
      [{ type: 'chat', data: { content: 'x' } }, 'frame.conversation_id is required'],
    ];
    for (const [frame, message] of cases) {
      socket.send(frame);
      const error = await socket.next('error');
      expect(ChatServerFrame.parse(error)).toEqual(error);
      expect(error).toMatchObject({ code: 'VALIDATION_ERROR' });
      expect(error['message']).toContain(message);
    }
    await socket.ask(said('still open'), 'ack');
  });

  test('send frames of more than 128 KiB', async () => {
    socket.send('x'.repeat(128 * 1024 + 1));
    expect(await socket.closed).toMatchObject({ code: 1009 });
  });

  test('say more than 100 messages a minute', async () => {
    for (let count = 0; count < 103; count += 1) socket.send(said(`${count}`));
    for (let count = 0; count < 100; count += 1) await socket.next('ack');
    for (let count = 100; count < 103; count += 1) {
      const error = await socket.next('error');
      expect(error).toMatchObject({ code: 'RATE_LIMITED', id: `${count}` });
    }
    socket.send({ type: 'typing', id: 't', conversation_id: conversation });
    await using bobSocket = await chat.open(bob, conversation);
    await bobSocket.ask(said('bob may'), 'ack');
  });

  test('outlive its token', async () => {
    const short = { ...ada, token: tokenOf(ada, 1) };
    const shortLived = await chat.open(short, conversation);
    expect(await shortLived.closed).toMatchObject({ code: 4401 });
    await expect(chat.open(short, conversation)).rejects.toMatchObject({ status: 401 });
  });
});
