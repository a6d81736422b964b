import { DegradedMode } from '@secureconnect/degraded-mode';
import { Hub, type Member } from '@secureconnect/realtime';
import { createKeyspace, defaultKeyPrefix } from '@secureconnect/redis';
import { createLogger, createMetrics } from '@secureconnect/service';
import { FaultProxy } from '@secureconnect/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { roomOf } from '../src/frames.ts';
import { StoreTail } from '../src/sockets/store-tail.ts';
import { createTailMetrics } from '../src/sockets/tail-metrics.ts';
import type { MessageStore } from '../src/stores/message-store.ts';
import { postgresMessages } from '../src/stores/postgres/postgres-messages.ts';
import { newWorld, type TestChat, type TestUser, type World } from './harness.ts';

const keyspace = createKeyspace(defaultKeyPrefix);
let world: World;
let ada: TestUser;
let bob: TestUser;
beforeAll(async () => {
  world = await newWorld();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  [ada, bob] = [await world.newUser(), await world.newUser()];
});

const said = (conversation: string, content: string) => ({
  type: 'chat',
  id: content,
  conversation_id: conversation,
  data: { content },
});
const contents = (frames: readonly { readonly [field: string]: unknown }[]) =>
  frames
    .filter(({ type }) => type === 'chat')
    .map(({ data }) => (data as { content: string }).content);

describe('two instances', () => {
  let first: TestChat;
  let second: TestChat;
  beforeAll(async () => {
    [first, second] = [await world.start(), await world.start()];
  });

  test('reach each other’s sockets while Redis is down, each message once', async () => {
    const conversation = await first.direct(ada, bob);
    await using adaSocket = await first.open(ada, conversation);
    await using bobSocket = await second.open(bob, conversation);
    await world.redis.kill();
    await adaSocket.ask(said(conversation, 'at once'), 'ack');
    await Promise.all([first, second].map((chat) => chat.untilDegraded(true)));
    await adaSocket.ask(said(conversation, 'throughout'), 'ack');
    expect(contents([await bobSocket.next('chat'), await bobSocket.next('chat')])).toEqual([
      'at once',
      'throughout',
    ]);
    await bobSocket.ask(said(conversation, 'an answer'), 'ack');
    expect(contents([await adaSocket.next('chat')])).toEqual(['an answer']);
    await world.redis.restart();
    await Promise.all([first, second].map((chat) => chat.untilDegraded(false)));
    await adaSocket.ask(said(conversation, 'after'), 'ack');
    expect(contents([await bobSocket.next('chat')])).toEqual(['after']);
    expect(contents([...bobSocket.frames, ...adaSocket.frames])).toEqual([]);
  });

  test('replay the gap before they recover, when only one of them had lost Redis', async () => {
    await using proxy = await FaultProxy.start(world.redis.port);
    const apart = await world.start({ REDIS_URL: proxy.url });
    const conversation = await first.direct(ada, bob);
    await using bobSocket = await apart.open(bob, conversation);
    await using adaSocket = await first.open(ada, conversation);
    await proxy.setMode({ kind: 'blackHole' });
    await adaSocket.ask(said(conversation, 'into the gap'), 'ack');
    expect(contents([await bobSocket.next('chat')])).toEqual(['into the gap']);
    await proxy.setMode({ kind: 'pass' });
    await apart.untilDegraded(false);
    await adaSocket.ask(said(conversation, 'over the bus'), 'ack');
    expect(contents([await bobSocket.next('chat')])).toEqual(['over the bus']);
    await apart.close();
  });
});

describe('a client that was away', () => {
  let chat: TestChat;
  let conversation: string;
  beforeAll(async () => {
    chat = await world.start();
  });
  beforeEach(async () => {
    conversation = await chat.direct(ada, bob);
  });
  const resume = (after: string) => ({ type: 'resume', id: 'back', data: { after } });

  test('receives what it missed, and what it has already only once', async () => {
    await using adaSocket = await chat.open(ada, conversation);
    let cursor = '';
    {
      await using bobSocket = await chat.open(bob, conversation);
      await adaSocket.ask(said(conversation, 'seen'), 'ack');
      cursor = String((await bobSocket.next('chat'))['cursor']);
    }
    await adaSocket.ask(said(conversation, 'missed'), 'ack');
    await using again = await chat.open(bob, conversation);
    await adaSocket.ask(said(conversation, 'back already'), 'ack');
    const resumed = await again.ask(resume(cursor), 'resumed');
    expect(resumed).toMatchObject({ data: { complete: true } });
    // The cursor's own frame lies within the overlap; the client knows it by its id.
    expect(contents(again.frames).toSorted()).toEqual(['back already', 'missed', 'seen']);
  });

  test('is told if it missed more than is kept', async () => {
    await using socket = await chat.open(bob, conversation);
    const longAgo = 'c232ab00-9414-11ec-b3c8-9f6bdeced846';
    expect(await socket.ask(resume(longAgo), 'resumed')).toMatchObject({
      data: { events: 0, complete: false },
    });
  });

  test.each([
    ['no id', { after: 'yesterday' }],
    ['an id of another kind', { after: crypto.randomUUID() }],
    ['nothing', {}],
  ])('is refused with %s for a cursor', async (_what, data) => {
    await using socket = await chat.open(bob, conversation);
    expect(await socket.ask({ type: 'resume', id: 'x', data }, 'error')).toMatchObject({
      code: 'VALIDATION_ERROR',
    });
  });
});

describe('the tail of the store', () => {
  const log = createLogger({ service: 'chat', level: 'silent' });

  async function scene() {
    const chat = await world.start();
    const conversation = await chat.direct(ada, bob);
    const hub = new Hub();
    const got: string[] = [];
    const member: Member = {
      id: 'm',
      userId: bob.userId,
      sendText: (text) => got.push(String(text)),
    };
    hub.join(member, [roomOf(conversation)]);
    const metrics = createMetrics();
    const mode = new DegradedMode({ service: 'chat-service', classify: () => undefined });
    const { database } = world;
    const messages = postgresMessages(database);
    const timeUuids = { made: () => false };
    const tailMetrics = createTailMetrics(metrics);
    const chatSockets = { followAll: async () => undefined };
    const sources = { hub, messages, chatSockets, timeUuids, database };
    const parts = { ...sources, mode, log, metrics: tailMetrics };
    const remove = (messageId: string) =>
      chat.data(ada, 'DELETE', `/v1/messages/${messageId}?conversation_id=${conversation}`);
    const say = (content: string) =>
      chat.data(ada, 'POST', '/v1/messages', { conversation_id: conversation, content });
    const count = async (name: string) =>
      new RegExp(`^${name} (\\d+)$`, 'm').exec(await metrics.registry.metrics())?.[1];
    return { parts, got, say, remove, count };
  }

  test('brings what the hub does not know, once', async () => {
    const { parts, got, say, count } = await scene();
    const tail = new StoreTail(parts);
    await say('one');
    await tail.look();
    await say('two');
    await tail.look();
    await tail.look();
    expect(got.map((text) => JSON.parse(text).data.content)).toEqual(['one', 'two']);
    expect(await count('chat_store_tail_deliveries_total')).toBe('2');
    expect(await count('chat_store_tail_looks_total\\{result="ok"\\}')).toBe('3');
  });

  test('brings of a message deleted before it looked only the deletion', async () => {
    const { parts, got, say, remove } = await scene();
    const tail = new StoreTail(parts);
    const { message_id } = await say('the plan');
    await remove(message_id);
    await say('end');
    await tail.look();
    expect(got.map((text) => JSON.parse(text))).toMatchObject([
      { type: 'deleted', data: { message_id } },
      { type: 'chat', data: { content: 'end' } },
    ]);
    expect(got.join('')).not.toContain('the plan');
  });

  test('leaves to its own instance what that is delivering', async () => {
    const { parts, got, say } = await scene();
    const tail = new StoreTail({ ...parts, timeUuids: { made: () => true } });
    await say('one');
    await tail.look();
    expect(got).toEqual([]);
  });

  test('reads later what it could not read while the store was down', async () => {
    const { parts, got, say, count } = await scene();
    let away = true;
    const events: MessageStore['events'] = async (query) => {
      if (away) throw new Error('the store is away');
      return parts.messages.events(query);
    };
    const tail = new StoreTail({ ...parts, messages: { events } });
    await say('one');
    await tail.look();
    expect([got.length, await count('chat_store_tail_looks_total\\{result="failed"\\}')]).toEqual([
      0,
      '1',
    ]);
    away = false;
    await tail.look();
    expect(got).toHaveLength(1);
  });
});

test('a busy conversation does not reach instances without a socket for it', async () => {
  const [here, elsewhere] = [await world.start(), await world.start()];
  const [conversation, other] = [await here.direct(ada, bob), await here.group(ada, bob)];
  await using adaSocket = await here.open(ada, conversation);
  await using _elsewhere = await elsewhere.open(bob, other);
  await adaSocket.ask(said(conversation, 'only here'), 'ack');
  const subscribers = async (id: string) =>
    (await world.askRedis(`PUBSUB NUMSUB ${keyspace.channel('chat', roomOf(id))}`))
      .trim()
      .split('\r\n')
      .at(-1);
  expect([await subscribers(conversation), await subscribers(other)]).toEqual([':1', ':1']);
});
