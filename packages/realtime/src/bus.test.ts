import { connect } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { createKeyspace } from '@secureconnect/redis';
import { eventually, SocketClient, type TestRedis, testRedis } from '@secureconnect/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRoomService, tokenOf } from '../test/room-service.ts';

const keyspace = createKeyspace('test:');
let redis: TestRedis;
beforeAll(async () => {
  redis = await testRedis();
});
afterAll(() => redis.close());

const start = () => startRoomService(redis.url);
type RoomService = Awaited<ReturnType<typeof start>>;

const enter = (service: RoomService, userId: string, room = 'red') =>
  SocketClient.open(service.urlOf(room), tokenOf(userId));

const available = (...services: RoomService[]) =>
  eventually(() => expect(services.every(({ mode }) => mode.isAvailable())).toBe(true));

const unavailable = (...services: RoomService[]) =>
  eventually(() => expect(services.some(({ mode }) => mode.isAvailable())).toBe(false));

/** Asks Redis something, as text. */
const command = (line: string): Promise<string> => {
  const connection = connect(redis.port, '127.0.0.1');
  connection.end(`${line}\r\n`);
  return readText(connection);
};

const say = (text: string) => ({ type: 'say', id: text, room: 'red', text });

test('a frame reaches the sockets of every instance once, and not the one it came from', async () => {
  await using one = await start();
  await using two = await start();
  await using ada = await enter(one, 'ada');
  await using phone = await enter(one, 'ada');
  await using bob = await enter(two, 'bob');
  await ada.ask(say('first'), 'ack');
  await ada.ask(say('second'), 'ack');
  for (const client of [phone, bob]) {
    expect(await client.next('said')).toMatchObject({ text: 'first', from: 'ada' });
    expect(await client.next('said')).toMatchObject({ text: 'second' });
    expect(client.frames).toEqual([]);
  }
  expect(ada.frames).toEqual([]);
});

test('a socket misses nothing once its client knows that it is open', async () => {
  await using one = await start();
  await using two = await start();
  await using ada = await enter(one, 'ada');
  for (let round = 0; round < 20; round += 1) {
    await using bob = await enter(two, 'bob');
    await ada.ask(say(`round ${round}`), 'ack');
    expect(await bob.next('said')).toMatchObject({ text: `round ${round}` });
  }
});

test('instances subscribe only to rooms of their own sockets', async () => {
  await using one = await start();
  const channels = () => command('PUBSUB CHANNELS');
  const ada = await enter(one, 'ada', 'green');
  expect(await channels()).toContain(keyspace.channel('rooms', 'green'));
  await ada.close();
  await eventually(async () => expect(await channels()).not.toContain('green'));
});

test('without Redis frames reach the sockets of their own instance, and the reply says so', async () => {
  await using one = await start();
  await using two = await start();
  await using ada = await enter(one, 'ada');
  await using bob = await enter(one, 'bob');
  await using eve = await enter(two, 'eve');
  await redis.kill();
  // The flag may not know yet: the very first frame is served all the same.
  expect(await ada.ask(say('at once'), 'ack')).toEqual({
    type: 'ack',
    id: 'at once',
    meta: { degraded: ['fan-out'] },
  });
  await unavailable(one, two);
  expect(await ada.ask(say('later'), 'ack')).toHaveProperty('meta', { degraded: ['fan-out'] });
  await using late = await enter(two, 'late');
  await redis.restart();
  await available(one, two);
  expect(await ada.ask(say('again'), 'ack')).not.toHaveProperty('meta');
  for (const text of ['at once', 'later', 'again']) {
    expect(await bob.next('said')).toMatchObject({ text });
  }
  // Also a room that was entered while Redis was away is subscribed to again.
  expect(await late.next('said')).toMatchObject({ text: 'again' });
  expect(await eve.next('said')).toMatchObject({ text: 'again' });
  expect(bob.frames).toEqual([]);
});

test('a frozen Redis delays a frame by the command time-out at most, and doubles none', async () => {
  await using one = await start();
  await using ada = await enter(one, 'ada');
  await using bob = await enter(one, 'bob');
  redis.freeze();
  try {
    expect(await ada.ask(say('frozen'), 'ack')).toHaveProperty('meta');
    await unavailable(one);
  } finally {
    redis.thaw();
  }
  await available(one);
  await ada.ask(say('thawed'), 'ack');
  expect(await bob.next('said')).toMatchObject({ text: 'frozen' });
  expect(await bob.next('said')).toMatchObject({ text: 'thawed' });
  expect(bob.frames).toEqual([]);
});

test('unknown messages of other publishers are ignored', async () => {
  await using one = await start();
  await using two = await start();
  await using ada = await enter(one, 'ada');
  await using bob = await enter(two, 'bob');
  await command(`PUBLISH ${keyspace.channel('rooms', 'red')} {}`);
  await command(`PUBLISH ${keyspace.channel('rooms', 'red')} [`);
  await ada.ask(say('still here'), 'ack');
  expect(await bob.next('said')).toMatchObject({ text: 'still here' });
});
