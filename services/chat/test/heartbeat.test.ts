import { createKeyspace, defaultKeyPrefix } from '@secureconnect/redis';
import { eventually } from '@secureconnect/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newWorld, type TestChat, type World } from './harness.ts';

let world: World;
let chat: TestChat;
beforeAll(async () => {
  world = await newWorld();
  chat = await world.start({}, { socketOptions: { heartbeatMs: 300 } });
});
afterAll(() => world[Symbol.asyncDispose]());

/** When the marks of a user lapse, in milliseconds since the epoch. */
async function lapses(userId: string): Promise<number[]> {
  const { marks } = createKeyspace(defaultKeyPrefix).presence(userId);
  const reply = await world.askRedis(`ZRANGE ${marks} 0 -1 WITHSCORES`);
  return [...reply.matchAll(/\r\n(\d{13})\r\n/g)].map((match) => Number(match[1]));
}

test('a heartbeat keeps its user online', async () => {
  const ada = await world.newUser();
  await using _socket = await chat.open(ada);
  await eventually(async () => expect(await lapses(ada.userId)).toHaveLength(1));
  const [first = 0] = await lapses(ada.userId);
  await eventually(async () => {
    const [later = 0] = await lapses(ada.userId);
    expect(later).toBeGreaterThan(first);
  });
});

test('a heartbeat does not bring back a user who declared themselves offline', async () => {
  const [ada, bob] = [await world.newUser(), await world.newUser()];
  await using _socket = await chat.open(ada);
  await eventually(async () => expect(await lapses(ada.userId)).toHaveLength(1));
  await chat.data(ada, 'POST', '/v1/presence', { online: false });
  const read = async () =>
    (await chat.data(bob, 'GET', `/v1/presence?user_ids=${ada.userId}`)).presence[0];
  const { last_seen: said } = await read();
  // The next heartbeat was there: the user was seen again, and is offline all the same.
  await eventually(async () => expect((await read()).last_seen > said).toBe(true));
  expect(await read()).toMatchObject({ status: 'offline' });
});

test('heartbeats eventually find a change of memberships that was not announced', async () => {
  const [ada, bob] = [await world.newUser(), await world.newUser()];
  const conversation = await chat.group(ada, bob);
  await using socket = await chat.open(ada, conversation);
  const elsewhere = (statement: string) =>
    world.database.execute(statement, [conversation, bob.userId]);
  await using bobSocket = await chat.open(bob);
  expect(await socket.next('user_joined')).toMatchObject({ from: bob.userId });
  await elsewhere('DELETE FROM chat.participants WHERE conversation_id = $1 AND user_id = $2');
  expect(await socket.next('user_left')).toMatchObject({ from: bob.userId });
  expect(bobSocket.webSocket.readyState).toBe(1);
  await elsewhere(
    `INSERT INTO chat.participants
     SELECT conversation_id, $2, role, joined_at, read_until, read_message_id
     FROM chat.participants WHERE conversation_id = $1`,
  );
  expect(await socket.next('user_joined')).toMatchObject({ from: bob.userId });
});

test('a heartbeat keeps the sessions with sockets for all conversations, and no others', async () => {
  const ada = await world.newUser();
  const { sockets } = createKeyspace(defaultKeyPrefix).presence(ada.userId);
  const marks = async (): Promise<[string, number][]> => {
    const reply = await world.askRedis(`ZRANGE ${sockets} 0 -1 WITHSCORES`);
    return [...reply.matchAll(/\r\n([\w-]{36}) [\w-]{36}\r\n\$\d+\r\n(\d{13})\r\n/g)].map(
      ([, session = '', until]) => [session, Number(until)],
    );
  };
  await using _one = await chat.open(ada, await chat.group(ada, await world.newUser()));
  await using _all = await chat.open(ada);
  await eventually(async () => expect(await marks()).toHaveLength(1));
  const [[session, until] = ['', 0]] = await marks();
  expect(session).toBe(ada.sessionId);
  expect(until).toBeGreaterThan(Date.now() + 50_000);
  await eventually(async () => expect((await marks())[0]?.[1]).toBeGreaterThan(until));
});
