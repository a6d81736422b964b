import { createKeyspace, defaultKeyPrefix } from '@secureconnect/redis';
import { eventually, redisFaults } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ChatReply, newWorld, type TestChat, type TestUser, type World } from './harness.ts';

const maxMs = 2000;

const refusal = (operation: string): string =>
  `{"error":"SERVICE_DEGRADED","code":"redis_unavailable","mode":"degraded","message":"${operation} is operating in degraded mode due to Redis unavailability"}`;

describe.each(redisFaults)('chat while Redis is $name', (fault) => {
  let world: World;
  let chat: TestChat;
  let ada: TestUser;
  let bob: TestUser;
  let conversation: string;
  beforeAll(async () => {
    world = await newWorld();
    chat = await world.start();
    [ada, bob] = [await world.newUser(), await world.newUser()];
    conversation = await chat.group(ada, bob);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  async function timed(method: string, path: string, body?: unknown): Promise<ChatReply> {
    const startedAt = performance.now();
    const reply = await chat.call(ada, method, path, { body });
    expect(performance.now() - startedAt).toBeLessThan(maxMs);
    return reply;
  }

  /** Sends every kind of request and expects what its row declares. */
  async function expectDeclared(degraded: boolean): Promise<void> {
    const fresh = await world.newUser();
    const path = `/v1/conversations/${conversation}`;
    const offline = { user_id: bob.userId, status: 'offline' };
    const cases: [string, string, object | undefined, number, string[], object?][] = [
      ['POST', '/v1/messages', { conversation_id: conversation, content: 'hi' }, 201, ['fan-out']],
      ['GET', `/v1/messages?conversation_id=${conversation}`, undefined, 200, []],
      ['GET', '/v1/messages', undefined, 200, []],
      ['GET', '/v1/conversations', undefined, 200, []],
      ['GET', path, undefined, 200, []],
      [
        'POST',
        '/v1/conversations',
        { type: 'direct', participant_ids: [fresh.userId] },
        201,
        ['fan-out'],
      ],
      ['POST', `${path}/participants`, { user_ids: [fresh.userId] }, 200, ['fan-out']],
      ['DELETE', `${path}/participants/${fresh.userId}`, undefined, 200, ['fan-out']],
      ['POST', '/v1/presence', { online: true }, 200, ['presence']],
      ['GET', `/v1/presence?user_ids=${bob.userId}`, undefined, 200, ['presence']],
    ];
    for (const [method, route, body, status, ports] of cases) {
      const reply = await timed(method, route, body);
      expect([method, route, reply.status]).toEqual([method, route, status]);
      const expected = degraded ? ['revocations', ...ports] : undefined;
      expect(reply.body.meta?.degraded).toEqual(expected);
      if (degraded && method === 'GET' && ports.includes('presence')) {
        expect(reply.body.data.presence).toEqual([offline]);
      }
    }
    const byName = { participants: [{ email: fresh.email }] };
    for (const [operation, route, body] of [
      ['creating conversations', '/v1/conversations', { type: 'direct', ...byName }],
      ['adding participants', `${path}/participants`, byName],
    ] as const) {
      const reply = await timed('POST', route, body);
      if (!degraded) {
        expect(reply.status).toBeLessThan(300);
        continue;
      }
      expect([reply.status, reply.text]).toEqual([503, refusal(operation)]);
      expect(reply.headers.get('retry-after')).toBe('5');
    }
  }

  test('every row does what it declares: at once, throughout and after', async () => {
    await expectDeclared(false);
    await fault.begin(world.redis);
    await expectDeclared(true);
    await chat.untilDegraded(true);
    await expectDeclared(true);
    expect((await chat.call(ada, 'GET', '/ready')).body).toMatchObject({ redis: 'degraded' });
    await fault.end(world.redis);
    await chat.untilDegraded(false);
    await expectDeclared(false);
  });

  test('sockets stay open: messages are stored, acknowledged, delivered here, and the reply says so', async () => {
    await using adaSocket = await chat.open(ada, conversation);
    await using bobSocket = await chat.open(bob, conversation);
    const said = (content: string) => ({
      type: 'chat',
      id: content,
      conversation_id: conversation,
      data: { content },
    });
    const presence = async () =>
      (await chat.data(ada, 'GET', `/v1/presence?user_ids=${bob.userId}`)).presence[0].status;
    expect(await adaSocket.ask(said('before'), 'ack')).not.toHaveProperty('meta');
    await fault.begin(world.redis);
    const meta = { degraded: ['fan-out'] };
    expect(await adaSocket.ask(said('at once'), 'ack')).toMatchObject({ meta });
    await chat.untilDegraded(true);
    expect(await adaSocket.ask(said('throughout'), 'ack')).toMatchObject({ meta });
    expect(await presence()).toBe('offline');
    const late = await world.newUser();
    const group = await chat.group(ada, late);
    await using lateSocket = await chat.open(late, group);
    bobSocket.send({ type: 'typing', conversation_id: conversation });
    expect(await adaSocket.next('typing')).toMatchObject({ from: bob.userId });
    await fault.end(world.redis);
    await chat.untilDegraded(false);
    expect(await adaSocket.ask(said('after'), 'ack')).not.toHaveProperty('meta');
    for (const content of ['before', 'at once', 'throughout', 'after']) {
      expect(await bobSocket.next('chat')).toMatchObject({ data: { content } });
    }
    expect(bobSocket.frames.filter(({ type }) => type === 'chat')).toEqual([]);
    // Rebuilt from the sockets that are open, whatever Redis has forgotten.
    await eventually(async () => expect(await presence()).toBe('online'));
    // A socket that was opened meanwhile hears other instances again.
    const other = await world.start();
    await other.data(ada, 'POST', '/v1/messages', { conversation_id: group, content: 'across' });
    expect(await lateSocket.next('chat')).toMatchObject({ data: { content: 'across' } });
  });

  test('a token that was revoked before is refused throughout', async () => {
    const revoked = await world.newUser();
    await world.database.execute(
      `INSERT INTO auth.revocations (id, expires_at, reason)
       VALUES ($1, now() + interval '1 hour', 'logout')`,
      [revoked.sessionId],
    );
    const key = createKeyspace(defaultKeyPrefix).revocation(revoked.sessionId);
    await world.askRedis(`SET ${key} 1 EX 3600`);
    const status = async () => (await chat.call(revoked, 'GET', '/v1/conversations')).status;
    expect(await status()).toBe(401);
    await fault.begin(world.redis);
    expect(await status()).toBe(401);
    await chat.untilDegraded(true);
    expect(await status()).toBe(401);
    await expect(chat.open(revoked)).rejects.toMatchObject({ status: 401 });
    await fault.end(world.redis);
    await chat.untilDegraded(false);
    expect(await status()).toBe(401);
  });
});

test('with fallbacks disabled every row that uses Redis fails closed, and so does its socket', async () => {
  await using world = await newWorld();
  const chat = await world.start({ ENABLE_REDIS_FALLBACK: 'false' });
  const [ada, bob] = [await world.newUser(), await world.newUser()];
  const conversation = await chat.direct(ada, bob);
  const socket = await chat.open(ada, conversation);
  await world.redis.kill();
  await chat.untilDegraded(true);
  for (const [operation, path] of [
    ['reading messages', '/v1/messages'],
    ['listing conversations', '/v1/conversations'],
    ['presence of others', `/v1/presence?user_ids=${bob.userId}`],
  ] as const) {
    const reply = await chat.call(ada, 'GET', path);
    expect([reply.status, reply.text]).toEqual([503, refusal(operation)]);
  }
  const body = { conversation_id: conversation, content: 'x' };
  const sent = await chat.call(ada, 'POST', '/v1/messages', { body });
  expect([sent.status, sent.text]).toEqual([503, refusal('sending messages')]);
  const frame = { type: 'chat', id: '1', conversation_id: conversation, data: { content: 'x' } };
  expect(await socket.ask(frame, 'error')).toMatchObject({ code: 'SERVICE_DEGRADED' });
  await expect(chat.open(ada)).rejects.toMatchObject({ status: 503 });
});

test('without Redis at boot it starts degraded, and recovers when Redis is up', async () => {
  await using world = await newWorld();
  await world.redis.kill();
  const chat = await world.start();
  await chat.untilDegraded(true);
  const [ada, bob] = [await world.newUser(), await world.newUser()];
  const conversation = await chat.direct(ada, bob);
  await using socket = await chat.open(bob);
  await world.redis.restart();
  await chat.untilDegraded(false);
  const other = await world.start();
  const body = { conversation_id: conversation, content: 'hello' };
  await other.data(ada, 'POST', '/v1/messages', body);
  expect(await socket.next('chat')).toMatchObject({ data: { content: 'hello' } });
});

test('an internal error discloses nothing, in replies and in frames', async () => {
  await using world = await newWorld();
  const chat = await world.start();
  const [ada, bob] = [await world.newUser(), await world.newUser()];
  const conversation = await chat.direct(ada, bob);
  await using socket = await chat.open(ada, conversation);
  await world.database.execute('ALTER TABLE chat.participants RENAME TO elsewhere');
  const failed = await chat.call(ada, 'GET', '/v1/conversations');
  expect(failed).toMatchObject({ status: 500, body: { error: { code: 'INTERNAL_ERROR' } } });
  expect(failed.text).not.toContain('participants');
  const frame = { type: 'chat', id: '1', conversation_id: conversation, data: { content: 'x' } };
  expect(await socket.ask(frame, 'error')).toMatchObject({ code: 'INTERNAL_ERROR' });
});
