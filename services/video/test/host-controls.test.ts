import { SignalingServerFrame } from '@secureconnect/contracts';
import { HandshakeRefused } from '@secureconnect/testkit';
import { someone, type TestUser } from '@secureconnect/tokens/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { worldOfFile } from './harness.ts';

const world = await worldOfFile();
const one = await world.start();
const two = await world.start();

// New ones for each test: callees who are in a call already are busy.
let ada: TestUser;
let bob: TestUser;
let eve: TestUser;
let callId: string;
let conversationId: string;
beforeEach(async () => {
  [ada, bob, eve] = [someone(), someone(), someone()];
  conversationId = await world.conversation(ada, bob, eve);
  callId = await one.ring(ada, conversationId);
  await act(bob, 'POST', '/join');
});

/** Sends a request about the call. */
const act = (user: TestUser, method: string, path: string, body?: object) =>
  one.call(user, method, `/v1/calls/${callId}${path}`, body);
const control = (user: TestUser, body: object) => act(user, 'PATCH', '', body);
const remove = (user: TestUser, { userId }: TestUser) =>
  act(user, 'DELETE', `/participants/${userId}`);
const mute = (user: TestUser, { userId }: TestUser, media = 'audio') =>
  act(user, 'POST', `/participants/${userId}/mute`, { media });
const codeOf = async (reply: ReturnType<typeof act>) => {
  const { status, body } = await reply;
  return [status, body.error?.code];
};

async function openStatus(user: TestUser): Promise<number> {
  try {
    await (await two.open(user, callId)).close();
    return 101;
  } catch (error) {
    if (error instanceof HandshakeRefused) return error.status;
    throw error;
  }
}

it('only the host controls a call, and only one that was answered', async () => {
  await act(eve, 'POST', '/join');
  for (const reply of [control(bob, { locked: true }), remove(bob, eve), mute(bob, eve)]) {
    expect(await codeOf(reply)).toEqual([403, 'FORBIDDEN']);
  }
  const stranger = someone();
  for (const reply of [control(stranger, { locked: true }), remove(stranger, eve)]) {
    expect(await codeOf(reply)).toEqual([404, 'NOT_FOUND']);
  }
  for (const reply of [remove(ada, stranger), control(ada, { host_id: stranger.userId })]) {
    expect(await codeOf(reply)).toEqual([404, 'NOT_FOUND']);
  }
  expect(await codeOf(control(ada, {}))).toEqual([400, 'VALIDATION_ERROR']);
  expect(await codeOf(remove(ada, ada))).toEqual([409, 'CONFLICT']);
  await act(ada, 'POST', '/end');
  for (const reply of [control(ada, { locked: true }), remove(ada, bob), mute(ada, bob)]) {
    expect(await codeOf(reply)).toEqual([409, 'CONFLICT']);
  }
  const [dan, fay] = [someone(), someone()];
  callId = await one.ring(dan, await world.conversation(dan, fay));
  expect(await codeOf(control(dan, { locked: true }))).toEqual([409, 'CONFLICT']);
});

describe('removing a participant', () => {
  it('ends their part, tells everybody, and keeps them out of this call', async () => {
    await act(eve, 'POST', '/join');
    await using a = await one.open(ada, callId);
    await using e = await two.open(eve, callId);
    await using b = await two.open(bob, callId);
    const removed = await remove(ada, bob);
    expect([removed.status, removed.body.data.participants]).toEqual([
      200,
      expect.arrayContaining([{ user_id: bob.userId, state: 'removed' }]),
    ]);
    expect(await b.next('call_ended')).toMatchObject({
      data: { reason: 'removed', state: 'removed' },
    });
    expect((await b.closed).code).toBe(4404);
    for (const socket of [a, e]) {
      expect(await socket.next('leave')).toMatchObject({ from: bob.userId });
    }
    const rejoin = { call_type: 'audio', conversation_id: conversationId };
    for (const reply of [
      act(bob, 'POST', '/join'),
      act(bob, 'POST', '/accept'),
      act(bob, 'GET', '/ice-servers'),
      one.call(bob, 'POST', '/v1/calls/initiate', rejoin),
    ]) {
      expect(await codeOf(reply)).toEqual([403, 'FORBIDDEN']);
    }
    expect(await openStatus(bob)).toBe(404);
    expect((await remove(ada, bob)).body.data).toEqual(removed.body.data);
  });

  it('also keeps a user out who rings or has left', async () => {
    await act(eve, 'POST', '/join');
    await act(bob, 'POST', '/end');
    await remove(ada, bob);
    expect(await codeOf(act(bob, 'POST', '/join'))).toEqual([403, 'FORBIDDEN']);
  });

  it('ends a call of two, and is the same when it is sent again', async () => {
    await act(eve, 'POST', '/decline');
    const ended = await remove(ada, bob);
    expect(ended.body.data).toMatchObject({ status: 'ended', end_reason: 'everyone_left' });
    expect((await remove(ada, bob)).body.data).toEqual(ended.body.data);
  });
});

describe('a locked call', () => {
  it('stops ringing, and nobody joins it until it is unlocked', async () => {
    await using b = await two.open(bob, callId);
    await using e = await two.open(eve, callId);
    const locked = await control(ada, { locked: true });
    expect([locked.status, locked.body.data.locked]).toEqual([200, true]);
    expect(await e.next('call_ended')).toMatchObject({
      data: { reason: 'locked', state: 'missed' },
    });
    const changed = SignalingServerFrame.parse(await b.next('call_changed'));
    expect(changed).toMatchObject({ data: { host_id: ada.userId, locked: true } });
    const rejoin = { call_type: 'audio', conversation_id: conversationId };
    for (const reply of [
      act(eve, 'POST', '/join'),
      act(eve, 'POST', '/accept'),
      one.call(eve, 'POST', '/v1/calls/initiate', rejoin),
    ]) {
      expect(await codeOf(reply)).toEqual([409, 'CONFLICT']);
    }
    // A user who is in it may open the socket again.
    expect(await openStatus(bob)).toBe(101);
    expect((await act(bob, 'POST', '/join')).status).toBe(200);
    await control(ada, { locked: false });
    expect((await act(eve, 'POST', '/join')).status).toBe(200);
  });
});

describe('handing over', () => {
  it('makes somebody in the call its host, and the former one may leave', async () => {
    await act(eve, 'POST', '/join');
    await using e = await two.open(eve, callId);
    const handed = await control(ada, { host_id: bob.userId });
    expect(handed.body.data).toMatchObject({ host_id: bob.userId, caller_id: ada.userId });
    expect(await e.next('call_changed')).toMatchObject({ data: { host_id: bob.userId } });
    expect(await codeOf(control(ada, { host_id: bob.userId }))).toEqual([403, 'FORBIDDEN']);
    expect((await act(ada, 'POST', '/end')).body.data.status).toBe('active');
    expect((await act(bob, 'POST', '/end')).body.data).toMatchObject({
      ...{ status: 'ended', end_reason: 'ended_by_host' },
    });
  });

  it('is refused for a user who is not in the call', async () => {
    expect(await codeOf(control(ada, { host_id: eve.userId }))).toEqual([409, 'CONFLICT']);
  });
});

describe('muting', () => {
  it('asks the participant alone, on any instance', async () => {
    await act(eve, 'POST', '/join');
    await using b = await two.open(bob, callId);
    await using e = await two.open(eve, callId);
    for (const media of ['audio', 'video']) {
      expect((await mute(ada, bob, media)).status).toBe(200);
      expect(SignalingServerFrame.parse(await b.next('mute_request'))).toMatchObject({
        ...{ from: ada.userId, to: bob.userId, data: { media } },
      });
    }
    b.send({ type: 'mute_audio', call_id: callId, data: { muted: true } });
    await e.next('mute_audio');
    expect(e.frames).toEqual([]);
    expect(await codeOf(mute(ada, bob, 'smell'))).toEqual([400, 'VALIDATION_ERROR']);
  });

  it('is refused while the participant has no socket', async () => {
    expect(await codeOf(mute(ada, bob))).toEqual([409, 'PEER_AWAY']);
    expect(await codeOf(mute(ada, eve))).toEqual([404, 'NOT_FOUND']);
  });
});
