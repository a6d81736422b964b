import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, openDatabase } from '@secureconnect/postgres';
import { eventually, testPostgres } from '@secureconnect/testkit';
import { someone, type TestUser } from '@secureconnect/tokens/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { type TestVideo, worldOfFile } from './harness.ts';

const world = await worldOfFile();
const one = await world.start();
const two = await world.start();

// New ones for each test: callees who are in a call already are busy.
let ada: TestUser;
let bob: TestUser;
let eve: TestUser;
beforeEach(() => {
  [ada, bob, eve] = [someone(), someone(), someone()];
});

const initiate = (video: TestVideo, user: TestUser, conversation_id: string, more: object = {}) =>
  video.call(user, 'POST', '/v1/calls/initiate', {
    ...{ call_type: 'audio', conversation_id },
    ...more,
  });
const end = (user: TestUser, callId: string) => one.call(user, 'POST', `/v1/calls/${callId}/end`);
const stateOf = ({ userId }: TestUser, call: { participants: { user_id: string }[] }) =>
  call.participants.find(({ user_id }) => user_id === userId);

async function callsIn(conversationId: string): Promise<number> {
  const rows = await world.database.query(
    'SELECT call_id FROM video.calls WHERE conversation_id = $1',
    [conversationId],
  );
  return rows.length;
}

describe('calling during a live call', () => {
  it('gives a caller who retries the same call, however often, at any instance', async () => {
    const conversationId = await world.direct(ada, bob);
    const first = await initiate(one, ada, conversationId);
    expect([first.status, first.body.data.status]).toEqual([201, 'ringing']);
    for (const reply of await Promise.all([
      ...Array.from({ length: 5 }, () => initiate(one, ada, conversationId)),
      ...Array.from({ length: 5 }, () => initiate(two, ada, conversationId)),
    ])) {
      expect([reply.status, reply.body.data]).toEqual([201, first.body.data]);
    }
    expect(await callsIn(conversationId)).toBe(1);
  });

  it('makes one call of many concurrent first requests', async () => {
    const conversationId = await world.direct(ada, bob);
    const replies = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        initiate(index % 2 === 0 ? one : two, ada, conversationId),
      ),
    );
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(replies.map(({ body }) => body.data.call_id)).size).toBe(1);
    expect(await callsIn(conversationId)).toBe(1);
  });

  it('joins two users who call each other concurrently, at two instances', async () => {
    for (let round = 0; round < 10; round += 1) {
      [ada, bob] = [someone(), someone()];
      const conversationId = await world.direct(ada, bob);
      const replies = await Promise.all([
        initiate(one, ada, conversationId),
        initiate(two, bob, conversationId),
      ]);
      expect(replies.map(({ status }) => status)).toEqual([201, 201]);
      const [callId, other] = replies.map(({ body }) => body.data.call_id);
      expect(other).toBe(callId);
      const { data } = (await one.call(ada, 'GET', `/v1/calls/${callId}`)).body;
      expect([round, data.status]).toEqual([round, 'active']);
      for (const user of [ada, bob]) expect(stateOf(user, data)).toMatchObject({ state: 'joined' });
    }
  });

  it('answers it for the callee who calls, and tells the others', async () => {
    const conversationId = await world.conversation(ada, bob, eve);
    const callId = await one.ring(ada, conversationId);
    await using socket = await one.open(ada, callId);
    const reply = await initiate(two, bob, conversationId, { call_type: 'video' });
    expect([reply.status, reply.body.data]).toMatchObject([
      201,
      { call_id: callId, status: 'active', call_type: 'video' },
    ]);
    expect(await socket.next('join')).toMatchObject({ from: bob.userId });
    await initiate(two, bob, conversationId);
    await two.call(eve, 'POST', `/v1/calls/${callId}/join`);
    expect(await socket.next('join')).toMatchObject({ from: eve.userId });
    expect(socket.frames).toEqual([]);
  });

  it('is refused to users who were not called, and discloses nothing of it', async () => {
    const conversationId = await world.conversation(ada, bob, eve);
    const callId = await one.ring(ada, conversationId, bob);
    const reply = await initiate(one, eve, conversationId);
    expect([reply.status, reply.body.error?.code]).toEqual([409, 'CONFLICT']);
    expect(reply.text).not.toContain(callId);
    expect((await one.call(eve, 'GET', `/v1/calls/${callId}`)).status).toBe(404);
    await end(ada, callId);
    expect((await initiate(one, eve, conversationId)).status).toBe(201);
  });
});

describe('a call that has ended makes room for the next', () => {
  it.each([
    ['by its host', (callId: string) => end(ada, callId)],
    ['because everybody else left', (callId: string) => end(bob, callId)],
    ['because nobody answered', (callId: string) => world.endRinging(callId)],
  ])('%s', async (_how, over) => {
    const conversationId = await world.direct(ada, bob);
    const callId = await one.ring(ada, conversationId);
    await over(callId);
    const next = await initiate(two, bob, conversationId);
    expect([next.status, next.body.data.status]).toEqual([201, 'ringing']);
    expect(next.body.data.call_id).not.toBe(callId);
    expect(stateOf(ada, next.body.data)).toMatchObject({ state: 'ringing' });
  });

  it('because it has had no socket for two minutes, and no sooner', async () => {
    const [silent, heard] = [await world.direct(ada, bob), await world.direct(ada, eve)];
    const [silentId, heardId] = [await one.ring(ada, silent), await one.ring(ada, heard)];
    await one.call(bob, 'POST', `/v1/calls/${silentId}/join`);
    await one.call(eve, 'POST', `/v1/calls/${heardId}/join`);
    await using _socket = await one.open(eve, heardId);
    const age = (callId: string) =>
      world.database.execute(
        `UPDATE video.calls SET heard_at = now() - interval '150 seconds' WHERE call_id = $1`,
        [callId],
      );
    await age(silentId);
    await age(heardId);
    const statusOf = async (callId: string) =>
      (await one.call(ada, 'GET', `/v1/calls/${callId}`)).body.data;
    await eventually(
      async () =>
        expect(await statusOf(silentId)).toMatchObject({
          status: 'ended',
          end_reason: 'connection_lost',
        }),
      { timeoutMs: 60_000, intervalMs: 500 },
    );
    expect(await statusOf(heardId)).toMatchObject({ status: 'active' });
  }, 90_000);
});

it('leaves one live call in each conversation that had several when it is installed', async () => {
  await using parts = new AsyncDisposableStack();
  const { url: databaseUrl } = parts.use(await testPostgres());
  const old = await mkdtemp(join(tmpdir(), 'video-migrations-'));
  parts.defer(() => rm(old, { recursive: true }));
  const directory = join(import.meta.dirname, '..', 'migrations');
  await cp(join(directory, '0001_calls.sql'), join(old, '0001_calls.sql'));
  await migrate({ databaseUrl, schema: 'video', directory: old });
  const database = openDatabase({ url: databaseUrl });
  parts.defer(() => database.close());
  const insert = async (conversationId: string, status: string, secondsAgo: number) => {
    const callId = randomUUID();
    await database.execute(
      `INSERT INTO video.calls
         (call_id, conversation_id, call_type, host_id, status, created_at, ring_until)
       VALUES ($1, $2, 'audio', $1, $3, now() - $4::float8 * interval '1 second', now())`,
      [callId, conversationId, status, secondsAgo],
    );
    for (const state of ['joined', 'ringing', 'declined']) {
      const values = [callId, randomUUID(), state];
      await database.execute('INSERT INTO video.call_participants VALUES ($1, $2, $3)', values);
    }
    return callId;
  };
  const [answered, ringing, quiet] = [randomUUID(), randomUUID(), randomUUID()];
  await insert(answered, 'ringing', 1);
  const active = await insert(answered, 'active', 20);
  await insert(answered, 'active', 30);
  const newest = await insert(ringing, 'ringing', 1);
  await insert(ringing, 'ringing', 2);
  await insert(quiet, 'ended', 1);
  await migrate({ databaseUrl, schema: 'video', directory });
  const live = await database.query<{ call_id: string }>(
    `SELECT call_id FROM video.calls WHERE status IN ('ringing', 'active')`,
  );
  expect(new Set(live.map((row) => row.call_id))).toEqual(new Set([active, newest]));
  const states = await database.query<{ state: string }>(
    `SELECT DISTINCT state FROM video.call_participants JOIN video.calls USING (call_id)
     WHERE status = 'ended' AND end_reason IS NOT NULL ORDER BY state`,
  );
  expect(states.map(({ state }) => state)).toEqual(['declined', 'left', 'missed']);
  // The history is by the time of the call, not of the migration.
  const [late] = await database.query<{ late: string }>(
    `SELECT count(*) AS late FROM video.call_participants JOIN video.calls USING (call_id)
     WHERE called_at <> date_trunc('milliseconds', created_at)`,
  );
  expect(Number(late?.late)).toBe(0);
});
