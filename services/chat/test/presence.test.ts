import { randomUUID } from 'node:crypto';
import { PresenceList } from '@secureconnect/contracts';
import { createKeyspace, defaultKeyPrefix } from '@secureconnect/redis';
import { eventually } from '@secureconnect/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newWorld, type TestChat, type TestUser, type World } from './harness.ts';

let world: World;
let chat: TestChat;
let ada: TestUser;
beforeAll(async () => {
  world = await newWorld();
  chat = await world.start();
  ada = await world.newUser();
});
afterAll(() => world[Symbol.asyncDispose]());

const declare = (user: TestUser, online: boolean) =>
  chat.data(user, 'POST', '/v1/presence', { online });

async function presenceOf(...userIds: string[]) {
  const data = await chat.data(ada, 'GET', `/v1/presence?user_ids=${userIds.join(',')}`);
  return PresenceList.parse(data).presence;
}

test('a user has the status that they declared last', async () => {
  const bob = await world.newUser();
  expect(await presenceOf(bob.userId)).toEqual([{ user_id: bob.userId, status: 'offline' }]);
  const seen = expect.any(String);
  const online = { user_id: bob.userId, status: 'online', last_seen: seen };
  expect(await declare(bob, true)).toEqual(online);
  expect(await presenceOf(bob.userId)).toEqual([online]);
  expect(await declare(bob, false)).toEqual({ ...online, status: 'offline' });
  const unknown = randomUUID();
  expect(await presenceOf(bob.userId, unknown)).toEqual([
    { ...online, status: 'offline' },
    { user_id: unknown, status: 'offline' },
  ]);
});

test('a declared status lapses after a minute', async () => {
  const bob = await world.newUser();
  await declare(bob, true);
  const key = createKeyspace(defaultKeyPrefix).presence(bob.userId).marks;
  const [, score] = /\r\n(\d{13})\r\n/.exec(await world.askRedis(`ZSCORE ${key} declared`)) ?? [];
  expect(Number(score) - Date.now()).toBeGreaterThan(50_000);
  expect(Number(score) - Date.now()).toBeLessThanOrEqual(60_000);
  // As if the minute were over.
  await world.askRedis(`ZADD ${key} ${Date.now() - 1} declared`);
  expect(await presenceOf(bob.userId)).toMatchObject([{ status: 'offline' }]);
});

test('a user with a socket is online, until the last one closes on the last instance', async () => {
  const other = await world.start();
  const bob = await world.newUser();
  const sockets = [await chat.open(bob), await chat.open(bob), await other.open(bob)];
  const untilStatus = (status: string) =>
    eventually(async () => expect(await presenceOf(bob.userId)).toMatchObject([{ status }]));
  await untilStatus('online');
  for (const socket of sockets) {
    expect(await presenceOf(bob.userId)).toMatchObject([{ status: 'online' }]);
    await socket.close();
  }
  await untilStatus('offline');
});

test('a user who declares offline is offline, also with a socket open', async () => {
  const bob = await world.newUser();
  await using _socket = await chat.open(bob);
  await eventually(async () =>
    expect(await presenceOf(bob.userId)).toMatchObject([{ status: 'online' }]),
  );
  await declare(bob, false);
  expect(await presenceOf(bob.userId)).toMatchObject([{ status: 'offline' }]);
});

test('wrong requests are named', async () => {
  const wrong = await chat.call(ada, 'POST', '/v1/presence', { body: { online: 'yes' } });
  expect([wrong.status, wrong.body.error?.details?.[0]?.field]).toEqual([400, 'body.online']);
  const many = Array.from({ length: 101 }, () => randomUUID()).join(',');
  for (const query of ['', 'user_ids=', 'user_ids=x', `user_ids=${many}`]) {
    const reply = await chat.call(ada, 'GET', `/v1/presence?${query}`);
    expect([reply.status, reply.body.error?.code]).toEqual([400, 'VALIDATION_ERROR']);
  }
});
