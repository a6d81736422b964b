import type { CallPage } from '@secureconnect/contracts';
import { call, eventually, type SampleUser } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../support/stack.ts';
import { act, newScene, openDevice, ring } from './scene.ts';

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

describe('the end of a membership', () => {
  it('ends the ringing of that user, and takes the call out of their history', async () => {
    const scene = await newScene(one, 3);
    const [ada, bob, eve] = scene.users as readonly [SampleUser, SampleUser, SampleUser];
    const callId = await ring(one, ada, scene);
    await using bobs = await openDevice(two, bob.token);
    await using eves = await openDevice(two, eve.token);
    await eves.next('call_ringing');
    const path = `/v1/conversations/${scene.conversationId}/participants/${eve.userId}`;
    const { status } = await call(one.urls.chat, 'DELETE', path, { token: ada.token });
    expect(status).toBe(200);
    await eventually(
      async () =>
        expect(await eves.next('call_ended')).toMatchObject({
          data: { call_id: callId, reason: 'removed', state: 'left' },
        }),
      { timeoutMs: 10_000 },
    );
    const { body } = await call<CallPage>(one.urls.video, 'GET', '/v1/calls', {
      token: eve.token,
    });
    expect(body.data?.calls).toEqual([]);
    await bobs.next('call_ringing');
    expect((await act(one, bob.token, callId, 'accept')).status).toBe(200);
  });
});

describe('the history of calls', () => {
  it('has the calls of each participant, the newest first, a page at a time', async () => {
    const scene = await newScene(one, 2);
    const [ada, bob] = scene.users as readonly [SampleUser, SampleUser];
    const ids: string[] = [];
    for (const action of ['cancel', 'end', 'cancel']) {
      const callId = await ring(one, ada, scene);
      await act(one, ada.token, callId, action);
      ids.unshift(callId);
    }
    for (const { token } of [ada, bob]) {
      const list = async (cursor: string) => {
        const path = `/v1/calls?limit=2&cursor=${cursor}`;
        return (await call<CallPage>(one.urls.video, 'GET', path, { token })).body.data;
      };
      const first = await list('');
      const second = await list(first?.next_cursor ?? '');
      const listed = [...(first?.calls ?? []), ...(second?.calls ?? [])];
      expect(listed.map(({ call_id }) => call_id)).toEqual(ids);
      expect([first?.has_more, second?.has_more, second?.next_cursor]).toEqual([true, false, null]);
      expect(listed[0]).toMatchObject({ host_id: ada.userId, end_reason: 'cancelled' });
    }
  });
});
