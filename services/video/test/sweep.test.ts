import { eventually } from '@secureconnect/testkit';
import { someone, type TestUser } from '@secureconnect/tokens/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newWorld, type World } from './harness.ts';

let world: World;
beforeAll(async () => {
  world = await newWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

// New ones for each test: callees who are in a call already are busy.
let ada: TestUser;
let bob: TestUser;
beforeEach(() => {
  [ada, bob] = [someone(), someone()];
});

const statusOf = async (callId: string): Promise<string | undefined> => {
  const [row] = await world.database.query<{ status: string }>(
    'SELECT status FROM video.calls WHERE call_id = $1',
    [callId],
  );
  return row?.status;
};

describe('the sweep', () => {
  it('marks an unanswered call as missed, also after a restart and with two instances', async () => {
    const first = await world.start();
    const callId = await first.ring(ada, await world.conversation(ada, bob));
    await first.close();
    await world.endRinging(callId);
    await world.start();
    await world.start();
    await eventually(async () => expect(await statusOf(callId)).toBe('missed'), {
      timeoutMs: 10_000,
    });
  });

  it('closes the sockets of a call that was missed', async () => {
    const video = await world.start();
    const callId = await video.ring(ada, await world.conversation(ada, bob));
    const socket = await video.open(ada, callId);
    await world.endRinging(callId);
    const { code } = await socket.closed;
    expect(code).toBe(4404);
    expect(await statusOf(callId)).toBe('missed');
  });
});
