import { randomUUID } from 'node:crypto';
import { SignalingServerFrame } from '@secureconnect/contracts';
import { HandshakeRefused, type SocketClient } from '@secureconnect/testkit';
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

/** A call of all three, each with a socket: the third one may be on another instance. */
async function connected(third: TestVideo = one) {
  const callId = await one.ring(ada, await world.conversation(ada, bob, eve));
  for (const user of [bob, eve]) await one.call(user, 'POST', `/v1/calls/${callId}/join`);
  const sockets = [
    await one.open(ada, callId),
    await one.open(bob, callId),
    await third.open(eve, callId),
  ] as const;
  return { callId, sockets };
}

const closeAll = (sockets: readonly SocketClient[]) =>
  Promise.all(sockets.map((socket) => socket.close()));

/** A frame that proves by its arrival that nothing sent before it is still under way. */
async function flush(from: SocketClient, callId: string, to: readonly SocketClient[]) {
  from.send({ type: 'mute_video', call_id: callId, data: { muted: true } });
  for (const socket of to) await socket.next('mute_video');
}

describe.each([
  ['on one instance', () => one],
  ['on two instances', () => two],
])('signaling %s', (_name, third) => {
  it('passes offer, answer and candidates to the named peer only', async () => {
    const { callId, sockets } = await connected(third());
    const [a, b, e] = sockets;
    const signals = [
      { type: 'offer', data: { sdp: 'v=0' } },
      { type: 'answer', data: { sdp: 'v=0 too' } },
      { type: 'ice_candidate', data: { candidate: 'candidate:1', sdpMid: '0', sdpMLineIndex: 0 } },
      { type: 'mute_audio', data: { muted: true } },
      { type: 'join', data: {} },
    ];
    for (const { type, data } of signals) {
      a.send({ type, call_id: callId, to: eve.userId, data });
      const frame = SignalingServerFrame.parse(await e.next(type));
      expect(frame).toMatchObject({ from: ada.userId, to: eve.userId, call_id: callId, data });
    }
    await flush(a, callId, [b, e]);
    expect([a.frames, b.frames, e.frames]).toEqual([[], [], []]);
    await closeAll(sockets);
  });

  it('passes the rest to all others, and says who sent it', async () => {
    const { callId, sockets } = await connected(third());
    const [a, b, e] = sockets;
    const signals = [
      { type: 'join', data: {} },
      { type: 'mute_audio', data: { muted: false } },
      { type: 'mute_video', data: { muted: true } },
      { type: 'leave', data: {} },
    ];
    for (const { type, data } of signals) {
      e.send({ type, call_id: callId, data, from: ada.userId, at: 'never' });
      for (const socket of [a, b]) {
        const frame = SignalingServerFrame.parse(await socket.next(type));
        expect(frame).toMatchObject({ from: eve.userId, data });
      }
    }
    expect(e.frames).toEqual([]);
    await closeAll(sockets);
  });

  it('tells the others who joins and leaves by HTTP', async () => {
    const { callId, sockets } = await connected(third());
    const [a, b, e] = sockets;
    await one.call(bob, 'POST', `/v1/calls/${callId}/end`);
    for (const socket of [a, e])
      expect(await socket.next('leave')).toMatchObject({ from: bob.userId });
    expect(await b.next('call_ended')).toMatchObject({ data: { reason: 'left', state: 'left' } });
    expect(await b.closed).toMatchObject({ code: 4404 });
    await one.call(bob, 'POST', `/v1/calls/${callId}/join`);
    for (const socket of [a, e])
      expect(await socket.next('join')).toMatchObject({ from: bob.userId });
    await one.call(ada, 'POST', `/v1/calls/${callId}/end`);
    for (const socket of [a, e]) {
      const data = { reason: 'ended_by_host', state: 'left' };
      expect(SignalingServerFrame.parse(await socket.next('call_ended'))).toMatchObject({ data });
      expect(await socket.closed).toMatchObject({ code: 4404 });
    }
  });
});

describe('the signaling socket', () => {
  /** The status that an upgrade is answered with; 101 where the socket is opened. */
  const opening = async (user: TestUser, callId: string): Promise<number> => {
    try {
      const socket = await one.open(user, callId);
      await socket.close();
      return 101;
    } catch (error) {
      if (error instanceof HandshakeRefused) return error.status;
      throw error;
    }
  };

  it('says that it is alive, to nobody else', async () => {
    const { callId, sockets } = await connected();
    const [a, b, e] = sockets;
    a.send({ type: 'ping', id: 'alive?' });
    const answer = SignalingServerFrame.parse(await a.next('ack'));
    expect(answer).toEqual({ type: 'ack', id: 'alive?' });
    await flush(a, callId, [b, e]);
    expect([b.frames, e.frames]).toEqual([[], []]);
    await closeAll(sockets);
  });

  it('is for participants of an active call', async () => {
    const callId = await one.ring(ada, await world.conversation(ada, bob));
    expect(await opening(eve, callId)).toBe(404);
    expect(await opening(ada, randomUUID())).toBe(404);
    expect(await opening(ada, 'x')).toBe(400);
    // Callees may listen already.
    expect(await opening(bob, callId)).toBe(101);
    await one.call(ada, 'POST', `/v1/calls/${callId}/end`);
    expect(await opening(ada, callId)).toBe(404);
  });

  it('is not for users who have left, until they join again', async () => {
    const { callId, sockets } = await connected();
    await one.call(bob, 'POST', `/v1/calls/${callId}/end`);
    expect(await opening(bob, callId)).toBe(404);
    await one.call(bob, 'POST', `/v1/calls/${callId}/join`);
    expect(await opening(bob, callId)).toBe(101);
    await closeAll(sockets);
  });

  it('needs a valid token', async () => {
    const callId = await one.ring(ada, await world.conversation(ada, bob));
    expect(await opening({ ...ada, token: 'x' }, callId)).toBe(401);
    expect(await opening(someone(-1), callId)).toBe(401);
    const gone = someone();
    const theirs = await one.ring(gone, await world.conversation(gone, bob));
    await world.database.execute(
      `INSERT INTO auth.revocations (id, expires_at, reason)
       VALUES ($1, now() + interval '1 hour', 'logout')`,
      [gone.sessionId],
    );
    await expect.poll(() => opening(gone, theirs), { timeout: 8000 }).toBe(401);
  });

  it('answers an unknown frame with an error, and stays open', async () => {
    const { callId, sockets } = await connected();
    const [a, b, e] = sockets;
    const to = bob.userId;
    const data = { sdp: 'v=0' };
    const frames: [object | string, string][] = [
      ['{', 'VALIDATION_ERROR'],
      ['[]', 'VALIDATION_ERROR'],
      [{ type: 'shout', call_id: callId }, 'VALIDATION_ERROR'],
      [{ type: 'offer', call_id: callId, data }, 'VALIDATION_ERROR'],
      [{ type: 'offer', call_id: callId, to, data: { sdp: 5 } }, 'VALIDATION_ERROR'],
      [{ type: 'offer', call_id: 'x', to, data }, 'VALIDATION_ERROR'],
      [{ type: 'mute_audio', call_id: callId, data: {} }, 'VALIDATION_ERROR'],
      [{ type: 'offer', call_id: randomUUID(), to, data }, 'NOT_FOUND'],
      [{ type: 'offer', call_id: callId, to: randomUUID(), data }, 'NOT_FOUND'],
      [{ type: 'offer', call_id: callId, to: ada.userId, data }, 'NOT_FOUND'],
    ];
    for (const [frame, code] of frames) {
      const given = typeof frame === 'string' ? frame : { ...frame, id: 'mine' };
      a.send(given);
      const error = await a.next('error');
      expect([frame, error['code']]).toEqual([frame, code]);
      if (typeof frame !== 'string') expect(error['id']).toBe('mine');
    }
    await flush(a, callId, [b, e]);
    expect([b.frames, e.frames]).toEqual([[], []]);
    await closeAll(sockets);
  });

  it('does not reach a different call', async () => {
    const first = await connected();
    [ada, bob, eve] = [someone(), someone(), someone()];
    const second = await connected();
    const [a] = first.sockets;
    a.send({ type: 'offer', id: 'x', call_id: second.callId, to: bob.userId, data: { sdp: 's' } });
    expect(await a.next('error')).toMatchObject({ code: 'NOT_FOUND', id: 'x' });
    await flush(second.sockets[0], second.callId, second.sockets.slice(1));
    expect(second.sockets[1].frames).toEqual([]);
    await closeAll([...first.sockets, ...second.sockets]);
  });
});
