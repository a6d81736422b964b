import { call, type SampleUser, type SocketClient } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../support/stack.ts';
import { newScene, openDevice, ring, signIn } from './scene.ts';

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

const act = (stack: Stack, token: string, callId: string, action: string) =>
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects to be there
  call<any>(stack.urls.video, 'POST', `/v1/calls/${callId}/${action}`, { token });

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
});
