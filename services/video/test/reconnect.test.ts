import { randomUUID } from 'node:crypto';
import { SignalingServerFrame } from '@secureconnect/contracts';
import { eventually } from '@secureconnect/testkit';
import { someone, type TestUser, tokenOf } from '@secureconnect/tokens/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { renewSockets } from '../src/stores/call-sockets.ts';
import { newWorld, worldOfFile } from './harness.ts';

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

/** An answered call of these users; the first one calls. */
async function answered(...users: [TestUser, ...TestUser[]]): Promise<string> {
  const callId = await one.ring(users[0], await world.conversation(...users));
  for (const user of users.slice(1)) await one.call(user, 'POST', `/v1/calls/${callId}/join`);
  return callId;
}

/** Makes a user who has lost their socket absent for this long. */
const age = (callId: string, { userId }: TestUser, seconds: number) =>
  world.database.execute(
    `UPDATE video.call_participants SET lost_at = now() - $3::float8 * interval '1 second'
     WHERE call_id = $1 AND user_id = $2 AND lost_at IS NOT NULL`,
    [callId, userId, seconds],
  );

const callOf = async (callId: string) =>
  (await one.call(ada, 'GET', `/v1/calls/${callId}`)).body.data;

/** The same user with a further session, as on another device. */
function onOtherDevice({ userId }: TestUser): TestUser {
  const ids = { userId, sessionId: randomUUID() };
  return { ...ids, token: tokenOf(ids) };
}

/** Longer than sweeps must succeed before anybody counts as absent. */
const untilSwept = { timeoutMs: 60_000, intervalMs: 500 };

describe('a participant whose socket is lost', () => {
  it('keeps the place for 30 s, and the others are told, on whichever instance', async () => {
    const callId = await answered(ada, bob, eve);
    await using a = await one.open(ada, callId);
    await using e = await two.open(eve, callId);
    const b = await one.open(bob, callId);
    b.webSocket.terminate();
    for (const socket of [a, e]) {
      const left = SignalingServerFrame.parse(await socket.next('peer_left'));
      if (left.type !== 'peer_left') throw new Error('not the frame that was asked for');
      expect(left.from).toBe(bob.userId);
      const keptMs = Date.parse(left.data.may_return_until) - Date.now();
      expect([keptMs > 25_000, keptMs <= 30_500]).toEqual([true, true]);
    }
    // A socket that opens meanwhile is told too.
    await using later = await two.open(onOtherDevice(ada), callId);
    expect(await later.next('peer_left')).toMatchObject({ from: bob.userId });
    await using back = await two.open(bob, callId);
    for (const socket of [a, e, later]) {
      expect(await socket.next('peer_back')).toMatchObject({ from: bob.userId, data: {} });
      expect(socket.frames).toEqual([]);
    }
    expect(back.frames).toEqual([]);
  });

  it('is not lost while another device of theirs has a socket', async () => {
    const callId = await answered(ada, bob);
    await using a = await one.open(ada, callId);
    const first = await one.open(bob, callId);
    const second = await two.open(onOtherDevice(bob), callId);
    first.webSocket.terminate();
    await eventually(async () => expect(await socketsOf(callId, bob)).toBe(1));
    second.webSocket.terminate();
    await a.next('peer_left');
    expect(a.frames).toEqual([]);
  });

  it('has left after that, in SQL, for the others and for the own devices', async () => {
    const callId = await answered(ada, bob, eve);
    await using a = await one.open(ada, callId);
    await using e = await two.open(eve, callId);
    const b = await one.open(bob, callId);
    await b.close();
    for (const socket of [a, e]) await socket.next('peer_left');
    await age(callId, bob, 31);
    await eventually(
      async () =>
        expect((await callOf(callId)).participants).toContainEqual({
          ...{ user_id: bob.userId, state: 'left' },
        }),
      untilSwept,
    );
    for (const socket of [a, e]) {
      expect(await socket.next('leave')).toMatchObject({ from: bob.userId });
      expect(socket.frames).toEqual([]);
    }
    expect(await toldOf(callId, bob)).toEqual([{ reason: 'connection_lost', state: 'left' }]);
    // The call goes on, and bob may join it again.
    expect((await one.call(bob, 'POST', `/v1/calls/${callId}/join`)).status).toBe(200);
    expect(await e.next('join')).toMatchObject({ from: bob.userId });
  }, 90_000);

  it('makes the first who joined the host', async () => {
    const callId = await answered(ada, bob, eve);
    await using e = await one.open(eve, callId);
    await using b = await two.open(bob, callId);
    const a = await one.open(ada, callId);
    await a.close();
    for (const socket of [b, e]) await socket.next('peer_left');
    await age(callId, ada, 31);
    await eventually(
      async () => expect((await callOf(callId)).host_id).toBe(bob.userId),
      untilSwept,
    );
    for (const socket of [b, e]) {
      expect(await socket.next('call_changed')).toMatchObject({
        data: { host_id: bob.userId, locked: false },
      });
    }
    expect(await callOf(callId)).toMatchObject({ status: 'active', caller_id: ada.userId });
  }, 90_000);

  it('is lost when the instance is killed that had the socket', async () => {
    const callId = await answered(ada, bob);
    await using a = await one.open(ada, callId);
    // What a killed instance leaves: a socket that nobody renews.
    await world.database.execute(
      `INSERT INTO video.call_sockets (call_id, user_id, session_id, socket_id, heard_at)
       VALUES ($1, $2, $3, $4, now() - interval '16 seconds')`,
      [callId, bob.userId, bob.sessionId, randomUUID()],
    );
    await eventually(async () => expect(await socketsOf(callId, bob)).toBe(0), untilSwept);
    expect(await a.next('peer_left')).toMatchObject({ from: bob.userId });
    await age(callId, bob, 31);
    expect(
      await eventually(async () => {
        const call = await callOf(callId);
        expect(call.status).toBe('ended');
        return call.end_reason;
      }, untilSwept),
    ).toBe('connection_lost');
    expect(await a.next('call_ended')).toMatchObject({ data: { reason: 'connection_lost' } });
  }, 120_000);
});

describe('a new socket of a session', () => {
  it('replaces its earlier one, on whichever instance, and the others are told', async () => {
    const callId = await answered(ada, bob);
    await using a = await one.open(ada, callId);
    const first = await one.open(bob, callId);
    const second = await two.open(bob, callId);
    expect(await first.closed).toMatchObject({ code: 4410 });
    await a.next('peer_back');
    const third = await two.open(bob, callId);
    await a.next('peer_back');
    expect(await second.closed).toMatchObject({ code: 4410 });
    expect(await socketsOf(callId, bob)).toBe(1);
    a.send({ type: 'offer', call_id: callId, to: bob.userId, data: { sdp: 'v=0' } });
    await third.next('offer');
    expect(a.frames).toEqual([]);
    await third.close();
  });

  it('is renewed by its instance while the earlier one closes, which is not', async () => {
    const callId = await answered(ada, bob);
    const row = { callId, userId: bob.userId, sessionId: bob.sessionId };
    const [first, second] = [randomUUID(), randomUUID()];
    const renewed = [
      { ...row, socketId: first },
      { ...row, socketId: second },
    ];
    expect(await renewSockets(world.database, renewed)).toEqual(new Set([first]));
    expect(await renewSockets(world.database, renewed)).toEqual(new Set([first]));
    expect(await socketsOf(callId, bob)).toBe(1);
  });
});

describe('while Redis is down', () => {
  it('instances learn from SQL who is lost, back and replaced', async () => {
    await using down = await newWorld();
    const [here, there] = [await down.start(), await down.start()];
    const callId = await here.ring(ada, await down.conversation(ada, bob));
    await here.call(bob, 'POST', `/v1/calls/${callId}/join`);
    await using a = await here.open(ada, callId);
    const b = await there.open(bob, callId);
    await down.redis.kill();
    for (const instance of [here, there]) await instance.untilDegraded(true);
    b.webSocket.terminate();
    expect(await a.next('peer_left')).toMatchObject({ from: bob.userId });
    const again = await there.open(bob, callId);
    expect(await a.next('peer_back')).toMatchObject({ from: bob.userId });
    await using _third = await here.open(bob, callId);
    expect((await again.closed).code).toBe(4410);
    expect(await a.next('peer_back')).toMatchObject({ from: bob.userId });
    expect(a.frames).toEqual([]);
  }, 60_000);
});

describe('a restart of all instances', () => {
  it('throws nobody out who returns soon after it, however long it took', async () => {
    await using later = await newWorld();
    const before = await later.start();
    const callId = await before.ring(ada, await later.conversation(ada, bob, eve));
    for (const user of [bob, eve]) await before.call(user, 'POST', `/v1/calls/${callId}/join`);
    for (const user of [ada, bob, eve]) await before.open(user, callId);
    await before.close();
    await later.database.execute(
      `UPDATE video.call_participants SET lost_at = now() - interval '10 minutes'
       WHERE call_id = $1 AND lost_at IS NOT NULL`,
      [callId],
    );
    const after = await later.start();
    const startedAt = performance.now();
    const stateOf = async ({ userId }: TestUser): Promise<string | undefined> => {
      const [row] = await later.database.query<{ state: string }>(
        'SELECT state FROM video.call_participants WHERE call_id = $1 AND user_id = $2',
        [callId, userId],
      );
      return row?.state;
    };
    await using a = await after.open(ada, callId);
    for (const { userId } of [bob, eve]) {
      await a.next((frame) => frame.type === 'peer_left' && frame['from'] === userId);
    }
    await using _b = await after.open(bob, callId);
    expect(await a.next('peer_back')).toMatchObject({ from: bob.userId });
    await eventually(async () => expect(await stateOf(eve)).toBe('left'), untilSwept);
    expect(performance.now() - startedAt).toBeGreaterThan(30_000);
    expect(await a.next('leave')).toMatchObject({ from: eve.userId });
    expect([await stateOf(ada), await stateOf(bob)]).toEqual(['joined', 'joined']);
  }, 90_000);
});

async function socketsOf(callId: string, { userId }: TestUser): Promise<number> {
  const [row] = await world.database.query<{ count: string }>(
    'SELECT count(*) AS count FROM video.call_sockets WHERE call_id = $1 AND user_id = $2',
    [callId, userId],
  );
  return Number(row?.count);
}

/** What the devices of a user were told of the end. */
async function toldOf(callId: string, { userId }: TestUser): Promise<object[]> {
  const rows = await world.database.query<{ data: { reason: string; state: string } }>(
    `SELECT data FROM video.call_notices
     WHERE call_id = $1 AND user_id = $2 AND type = 'call_ended'`,
    [callId, userId],
  );
  return rows.map(({ data: { reason, state } }) => ({ reason, state }));
}
