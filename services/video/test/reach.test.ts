import { eventually, HandshakeRefused } from '@secureconnect/testkit';
import { someone, type TestUser } from '@secureconnect/tokens/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { newWorld, worldOfFile } from './harness.ts';

const world = await worldOfFile();
const video = await world.start();

let ada: TestUser;
let bob: TestUser;
let eve: TestUser;
beforeEach(() => {
  [ada, bob, eve] = [someone(), someone(), someone()];
});

const initiate = (user: TestUser, conversation_id: string, ...callees: TestUser[]) =>
  video.call(user, 'POST', '/v1/calls/initiate', {
    ...{ call_type: 'audio', conversation_id },
    ...(callees.length === 0 ? {} : { callee_ids: callees.map(({ userId }) => userId) }),
  });
const act = (user: TestUser, callId: string, action: 'join' | 'end') =>
  video.call(user, 'POST', `/v1/calls/${callId}/${action}`);
const get = (user: TestUser, callId: string) => video.call(user, 'GET', `/v1/calls/${callId}`);
const message = 'You and this user cannot reach each other.';
const outOfReach = { status: 403, body: { error: { code: 'FORBIDDEN', message } } };

async function upgradeStatus(user: TestUser, callId: string): Promise<number> {
  const refused = await video.open(user, callId).catch((error: unknown) => error);
  if (refused instanceof HandshakeRefused) return refused.status;
  throw new Error('the handshake was not refused', { cause: refused });
}

describe('a block in a direct conversation', () => {
  it('keeps both from calling, named or not, until it is removed', async () => {
    const direct = await world.direct(ada, bob);
    await world.block(ada, bob);
    for (const [caller, callee] of [
      [ada, bob],
      [bob, ada],
    ] as const) {
      expect(await initiate(caller, direct)).toMatchObject(outOfReach);
      expect(await initiate(caller, direct, callee)).toMatchObject(outOfReach);
    }
    const [calls] = await world.database.query<{ count: string }>(
      'SELECT count(*) AS count FROM video.calls WHERE conversation_id = $1',
      [direct],
    );
    expect(calls?.count).toBe('0');
    await world.unblock(ada, bob);
    expect((await initiate(bob, direct)).status).toBe(201);
  });

  it('that begins while a call rings: nobody answers, listens or calls back', async () => {
    const callId = await video.ring(bob, await world.direct(ada, bob));
    await world.block(ada, bob);
    expect(await act(ada, callId, 'join')).toMatchObject(outOfReach);
    for (const user of [ada, bob]) expect([403, 404]).toContain(await upgradeStatus(user, callId));
    // One may hang up and look.
    expect(await act(bob, callId, 'end')).toMatchObject({
      status: 200,
      body: { data: { status: 'ended' } },
    });
    expect((await get(ada, callId)).status).toBe(200);
  });

  it('that begins in a call: no signal passes, and the call ends', async () => {
    const callId = await video.ring(bob, await world.direct(ada, bob));
    await act(ada, callId, 'join');
    const [a, b] = [await video.open(ada, callId), await video.open(bob, callId)];
    const offer = { type: 'offer', call_id: callId, to: ada.userId, data: { sdp: 'v=0' } };
    await b.ask({ ...offer, id: '1' }, 'ack');
    expect(await a.next('offer')).toMatchObject({ from: bob.userId });
    await world.block(ada, bob);
    const mute = { type: 'mute_audio', call_id: callId, data: { muted: true } };
    for (const frame of [
      { ...offer, id: '2' },
      { ...mute, id: '3' },
    ]) {
      expect(await b.ask(frame, 'error')).toMatchObject({ code: 'FORBIDDEN', message });
    }
    expect(await a.ask({ ...mute, id: '4' }, 'error')).toMatchObject({ code: 'FORBIDDEN' });
    for (const socket of [a, b]) {
      expect(await socket.closed).toMatchObject({ code: 4404 });
      expect(socket.frames).toMatchObject([
        { type: 'call_ended', data: { reason: 'out_of_reach', state: 'left' } },
      ]);
    }
    expect((await get(bob, callId)).body.data).toMatchObject({
      ...{ status: 'ended', end_reason: 'out_of_reach' },
    });
  });
});

describe('a block in a group', () => {
  it('lets both take part in a call to the whole group, as it lets them write messages', async () => {
    await world.block(ada, bob);
    for (const caller of [ada, bob]) {
      const group = await world.conversation(ada, bob, eve);
      const { status, body } = await initiate(caller, group);
      const { data } = body;
      expect(status).toBe(201);
      expect(data.participants).toHaveLength(3);
      await act(caller === ada ? bob : ada, data.call_id, 'join');
      const [a, b] = [await video.open(ada, data.call_id), await video.open(bob, data.call_id)];
      b.send({ type: 'offer', call_id: data.call_id, to: ada.userId, data: { sdp: 'v=0' } });
      expect(await a.next('offer')).toMatchObject({ from: bob.userId });
      await Promise.all([a.close(), b.close()]);
    }
  });

  it('lets a call to the whole group ring for the others only, in both directions', async () => {
    await world.block(ada, bob);
    for (const caller of [ada, bob]) {
      const callId = await video.ring(caller, await world.conversation(ada, bob, eve));
      const rung = await world.database.query<{ user_id: string }>(
        `SELECT user_id FROM video.call_notices WHERE call_id = $1 AND type = 'call_ringing'`,
        [callId],
      );
      expect(rung.map((row) => row.user_id)).toEqual([eve.userId]);
      await act(caller, callId, 'end');
    }
  });

  it('hides that one of them is in another call', async () => {
    await world.block(ada, bob);
    const busy = await video.ring(ada, await world.conversation(ada, eve));
    await act(eve, busy, 'join');
    const call = await initiate(bob, await world.conversation(ada, bob, eve));
    const stateOf = ({ userId }: TestUser) =>
      call.body.data.participants.find(({ user_id }: { user_id: string }) => user_id === userId);
    expect([stateOf(ada), stateOf(eve)]).toMatchObject([{ state: 'ringing' }, { state: 'missed' }]);
  });

  it('keeps both from calling the other by name, and names the user', async () => {
    await world.block(ada, bob);
    const group = await world.conversation(ada, bob, eve);
    for (const [caller, other] of [
      [ada, bob],
      [bob, ada],
    ] as const) {
      const reply = await initiate(caller, group, eve, other);
      expect(reply).toMatchObject(outOfReach);
      expect(reply.body.error?.details).toMatchObject([{ field: 'body.callee_ids[1]' }]);
      expect((await initiate(caller, group, eve)).status).toBe(201);
      await world.database.execute(`UPDATE video.calls SET status = 'ended'`);
    }
  });
});

describe('a user who is removed from the conversation', () => {
  it('is no longer in its calls: no request, no upgrade and no signal is served', async () => {
    const group = await world.conversation(ada, bob, eve);
    const callId = await video.ring(ada, group);
    await act(bob, callId, 'join');
    const [a, b] = [await video.open(ada, callId), await video.open(bob, callId)];
    await world.takeOut(group, bob);
    const mute = { type: 'mute_audio', id: '1', call_id: callId, data: { muted: true } };
    expect(await b.ask(mute, 'error')).toMatchObject({ code: 'NOT_FOUND' });
    for (const reply of [
      await get(bob, callId),
      await act(bob, callId, 'join'),
      await initiate(bob, group),
    ]) {
      expect([reply.status, reply.body.error?.code]).toEqual([404, 'NOT_FOUND']);
    }
    expect(await upgradeStatus(bob, callId)).toBe(404);
    expect(await b.closed).toMatchObject({ code: 4404 });
    expect(b.frames).toMatchObject([{ type: 'call_ended', data: { reason: 'removed' } }]);
    expect(await a.next('leave')).toMatchObject({ from: bob.userId });
    expect(a.frames).toEqual([]);
    await eventually(async () =>
      expect((await get(ada, callId)).body.data.participants).toContainEqual({
        ...{ user_id: bob.userId, state: 'left' },
      }),
    );
    expect((await get(ada, callId)).body.data.status).toBe('active');
    await a.close();
  });

  it('may still hang up', async () => {
    const group = await world.conversation(ada, bob, eve);
    const callId = await video.ring(ada, group);
    await world.takeOut(group, ada);
    expect(await act(ada, callId, 'end')).toMatchObject({
      status: 200,
      body: { data: { status: 'ended' } },
    });
  });
});

describe('while chat has not created its tables', () => {
  it('every use of a call is refused for now, and may be retried', async () => {
    await using early = await newWorld();
    const service = await early.start();
    const conversation_id = await early.conversation(ada, bob);
    const callId = await service.ring(ada, conversation_id);
    await using socket = await service.open(ada, callId);
    await early.database.execute('ALTER SCHEMA chat RENAME TO not_yet');
    for (const { status, headers, body } of [
      await service.call(ada, 'POST', '/v1/calls/initiate', {
        call_type: 'audio',
        conversation_id,
      }),
      await service.call(ada, 'GET', `/v1/calls/${callId}`),
      await service.call(bob, 'POST', `/v1/calls/${callId}/join`),
    ]) {
      expect([status, headers.get('retry-after')]).toEqual([503, '5']);
      expect(body.error).toEqual({
        ...{ code: 'SERVICE_UNAVAILABLE', message: 'Conversations are not available yet; retry.' },
      });
    }
    const mute = { type: 'mute_audio', id: '1', call_id: callId, data: { muted: true } };
    expect(await socket.ask(mute, 'error')).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    await early.database.execute('ALTER SCHEMA not_yet RENAME TO chat');
    expect((await service.call(bob, 'POST', `/v1/calls/${callId}/join`)).status).toBe(200);
  });
});

it('a user who has left a call sends nothing more, however soon', async () => {
  const callId = await video.ring(ada, await world.conversation(ada, bob, eve));
  await act(bob, callId, 'join');
  const [a, b] = [await video.open(ada, callId), await video.open(bob, callId)];
  await act(bob, callId, 'end');
  b.send({ type: 'mute_audio', call_id: callId, data: { muted: true } });
  expect(await b.closed).toMatchObject({ code: 4404 });
  await act(eve, callId, 'join');
  await a.next('join');
  expect(a.frames.map(({ type }) => type)).toEqual(['leave']);
  await a.close();
});
