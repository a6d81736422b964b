import type { Call } from '@secureconnect/contracts';
import { call, type Frame, type SampleUser, type SocketClient } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../support/stack.ts';
import {
  act,
  databaseOf,
  endRinging,
  newScene,
  openDevice,
  ring,
  type Scene,
  signIn,
} from './scene.ts';

let one: Stack;
let two: Stack;
beforeAll(async () => {
  one = await startStack();
  two = await startStack({}, { over: one });
});
afterAll(async () => {
  await two[Symbol.asyncDispose]();
  await one[Symbol.asyncDispose]();
});

const callFrames = (socket: SocketClient) =>
  socket.frames.filter(({ type }) => type.startsWith('call_')).map(({ type }) => type);

/** The caller with a device, and three devices of the callee, two of them at other instances. */
async function threeDevices() {
  const scene = await newScene(one, 2);
  const [ada, bob] = scene.users as readonly [SampleUser, SampleUser];
  const tokens = [bob.token, await signIn(one, bob), await signIn(one, bob)] as const;
  const caller = await openDevice(two, ada.token);
  const devices = [
    await openDevice(one, tokens[0]),
    await openDevice(two, tokens[1]),
    await openDevice(two, tokens[2]),
  ] as const;
  return { scene, ada, bob, tokens, caller, devices };
}

describe('a call', () => {
  it('rings on all devices of the callee; one answers and the others stop, each told once', async () => {
    const { scene, ada, bob, tokens, caller, devices } = await threeDevices();
    const callId = await ring(one, ada, scene);
    for (const device of devices) {
      expect(await device.next('call_ringing')).toMatchObject({
        from: ada.userId,
        conversation_id: scene.conversationId,
        data: { call_id: callId, call_type: 'audio' },
      });
    }
    const accepted = await act(two, tokens[1], callId, 'accept');
    expect([accepted.status, accepted.body.data.status]).toEqual([200, 'active']);
    for (const device of [caller, ...devices]) {
      expect(await device.next('call_answered')).toMatchObject({
        from: bob.userId,
        data: { call_id: callId },
      });
    }
    expect((await act(one, tokens[1], callId, 'accept')).status).toBe(200);
    const late = await act(one, tokens[2], callId, 'accept');
    expect([late.status, late.body.error?.message]).toEqual([
      409,
      'You are in this call on another device.',
    ]);
    await act(one, ada.token, callId, 'end');
    for (const device of [caller, ...devices]) {
      expect(await device.next('call_ended')).toMatchObject({
        data: { call_id: callId, reason: 'ended_by_host', state: 'left' },
      });
      await device.close();
      expect(callFrames(device)).toEqual([]);
    }
  });

  it.each([
    ['declined', 'decline', 1, ['left', 'declined']],
    ['cancelled', 'cancel', 0, ['left', 'missed']],
  ] as const)('is %s: every device is told so once', async (reason, action, by, states) => {
    const { scene, ada, caller, devices, bob } = await threeDevices();
    const callId = await ring(one, ada, scene);
    for (const device of devices) await device.next('call_ringing');
    const { token } = by === 0 ? ada : bob;
    const first = await act(one, token, callId, action);
    expect([first.status, first.body.data.end_reason]).toEqual([200, reason]);
    expect((await act(two, token, callId, action)).body.data).toEqual(first.body.data);
    for (const [index, device] of [caller, ...devices].entries()) {
      expect(await device.next('call_ended')).toMatchObject({
        data: { call_id: callId, reason, state: states[index === 0 ? 0 : 1] },
      });
    }
    const late = await act(one, bob.token, callId, 'accept');
    expect([late.status, late.body.error?.code]).toEqual([409, 'CONFLICT']);
    await toldNothingMore(scene, [caller, ...devices]);
  });

  it('is missed when nobody answers in time: any instance decides it, once', async () => {
    const { scene, ada, caller, devices } = await threeDevices();
    const callId = await ring(one, ada, scene);
    await endRinging(one, callId);
    expect(await caller.next('call_ended')).toMatchObject({
      data: { call_id: callId, reason: 'no_answer', state: 'left' },
    });
    for (const device of devices) {
      expect(await device.next('call_ended')).toMatchObject({
        data: { call_id: callId, reason: 'no_answer', state: 'missed' },
      });
      await device.next('call_ringing');
    }
    await toldNothingMore(scene, [caller, ...devices]);
  });

  it('finds a callee busy who is in another call, whose devices do not ring', async () => {
    const { scene, ada, bob, caller, devices } = await threeDevices();
    const callId = await ring(one, ada, scene);
    await act(one, bob.token, callId, 'accept');
    const others = await newScene(one, 3, [bob]);
    const [eve, dan] = others.users as readonly [SampleUser, SampleUser];
    const group = await ring(one, eve, others);
    await using dans = await openDevice(two, dan.token);
    expect(await dans.next('call_ringing')).toMatchObject({ data: { call_id: group } });
    for (const device of devices) {
      await device.next('call_ringing');
      expect(await device.next('call_ended')).toMatchObject({
        data: { call_id: group, reason: 'busy', state: 'missed' },
      });
    }
    await act(one, eve.token, group, 'cancel');
    expect(await dans.next('call_ended')).toMatchObject({ data: { reason: 'cancelled' } });

    const alone = await newScene(one, 2, [bob]);
    const [caller2] = alone.users as readonly [SampleUser, SampleUser];
    const busy = await call<Call>(one.urls.video, 'POST', '/v1/calls/initiate', {
      token: caller2.token,
      body: { call_type: 'audio', conversation_id: alone.conversationId },
    });
    expect([busy.status, busy.body.data]).toMatchObject([
      201,
      { status: 'missed', end_reason: 'busy' },
    ]);
    for (const device of devices) {
      expect(await device.next('call_ended')).toMatchObject({ data: { reason: 'busy' } });
      for (const frame of device.frames) expect(frame.type).not.toBe('call_ringing');
    }
    await act(one, ada.token, callId, 'end');
    for (const device of [caller, ...devices]) await device.next('call_ended');
  });

  it('rings on a device that opens meanwhile, and on none that opens after its end', async () => {
    const { scene, ada, bob, caller, devices } = await threeDevices();
    const callId = await ring(one, ada, scene);
    await using during = await openDevice(two, bob.token);
    expect(await during.next('call_ringing')).toMatchObject({ data: { call_id: callId } });
    await act(one, bob.token, callId, 'decline');
    await during.next('call_ended');
    await using after = await openDevice(two, bob.token);
    for (const device of [...devices, caller]) await device.next('call_ended');
    for (const device of devices) await device.next('call_ringing');
    await toldNothingMore(scene, [after, during, ...devices]);
  });

  it('is told over the bus while Redis is up, before SQL is read for it', async () => {
    const scene = await newScene(one, 2);
    const [ada, bob] = scene.users as readonly [SampleUser, SampleUser];
    await using device = await openDevice(two, bob.token);
    const before = await broughtFromStore(two);
    const rounds = 6;
    for (let round = 0; round < rounds; round += 1) {
      const callId = await ring(one, ada, scene);
      await device.next('call_ringing');
      await act(one, ada.token, callId, 'cancel');
      await device.next('call_ended');
    }
    // A look at SQL may happen to come between a commit and its announcement.
    expect((await broughtFromStore(two)) - before).toBeLessThan(rounds);
  });

  it('goes on in a group without a user who declines, and who may still join it', async () => {
    const scene = await newScene(one, 3);
    const [ada, bob, eve] = scene.users as readonly [SampleUser, SampleUser, SampleUser];
    const callId = await ring(one, ada, scene);
    await using bobs = await openDevice(two, bob.token);
    await using eves = await openDevice(two, eve.token);
    await act(one, eve.token, callId, 'decline');
    expect(await eves.next('call_ended')).toMatchObject({ data: { reason: 'declined' } });
    await act(one, bob.token, callId, 'accept');
    expect(await bobs.next('call_answered')).toMatchObject({ from: bob.userId });
    expect((await act(one, eve.token, callId, 'accept')).status).toBe(409);
    expect((await act(one, eve.token, callId, 'join')).status).toBe(200);
    expect(await bobs.next('call_answered')).toMatchObject({ from: eve.userId });
    await act(one, ada.token, callId, 'end');
    expect(await bobs.next('call_ended')).toMatchObject({ data: { reason: 'ended_by_host' } });
    expect(await endsOf(callId)).toEqual([1, 1, 1]);
  });
});

/** How many ends of a call are stored for each of its participants. */
async function endsOf(callId: string): Promise<number[]> {
  await using database = databaseOf(one);
  const rows = await database.sql.query<{ ends: string }>(
    `SELECT count(*) AS ends FROM video.call_notices
     WHERE call_id = $1 AND type = 'call_ended' GROUP BY user_id`,
    [callId],
  );
  return rows.map(({ ends }) => Number(ends));
}

/** After the next call has rung and ended on these devices, nothing else has arrived. */
async function toldNothingMore(scene: Scene, devices: readonly SocketClient[]): Promise<void> {
  const [ada] = scene.users as readonly [SampleUser];
  const callId = await ring(one, ada, scene);
  await act(one, ada.token, callId, 'cancel');
  for (const device of devices) {
    const isOfThis = (frame: Frame): boolean =>
      frame.type === 'call_ended' && JSON.stringify(frame).includes(callId);
    await device.next(isOfThis);
    const others = device.frames.filter(
      (frame) => frame.type.startsWith('call_') && !JSON.stringify(frame).includes(callId),
    );
    expect(others).toEqual([]);
  }
}

/** How many notices an instance of chat has delivered because the bus had not brought them. */
async function broughtFromStore(stack: Stack): Promise<number> {
  const metrics = await fetch(`${stack.urls.chat}/metrics`).then((reply) => reply.text());
  const count = /^chat_call_notices_from_store_total(?:\{[^}]*\})? (\d+)$/m.exec(metrics)?.[1];
  if (count === undefined) throw new Error('the metric is missing');
  return Number(count);
}
