import { eventually } from '@secureconnect/testkit';
import { someone, type TestUser } from '@secureconnect/tokens/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { sweepNotices } from '../src/stores/call-notices.ts';
import { worldOfFile } from './harness.ts';

const world = await worldOfFile();

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

  it('stores one end for each user, however many instances decide it at once', async () => {
    const first = await world.start();
    await world.start();
    const callIds: string[] = [];
    for (let round = 0; round < 8; round += 1) {
      const [caller, callee] = [someone(), someone()];
      callIds.push(await first.ring(caller, await world.conversation(caller, callee)));
    }
    await Promise.all(callIds.map((callId) => world.endRinging(callId)));
    await eventually(
      async () => {
        for (const callId of callIds) expect(await statusOf(callId)).toBe('missed');
      },
      { timeoutMs: 10_000 },
    );
    const ends = await world.database.query<{ call_id: string; reason: string }>(
      `SELECT call_id, data ->> 'reason' AS reason FROM video.call_notices
       WHERE call_id = ANY($1::uuid[]) AND type = 'call_ended'`,
      [callIds],
    );
    expect(ends.map(({ call_id }) => call_id).toSorted()).toEqual(
      callIds.flatMap((callId) => [callId, callId]).toSorted(),
    );
    expect(new Set(ends.map(({ reason }) => reason))).toEqual(new Set(['no_answer']));
  });

  it('removes the notices of calls that were over a week ago, and of no others', async () => {
    const video = await world.start();
    const [over, live] = [
      await video.ring(ada, await world.conversation(ada, bob)),
      await video.ring(ada, await world.conversation(ada, bob)),
    ];
    await video.call(ada, 'POST', `/v1/calls/${over}/cancel`);
    await world.database.execute(
      `UPDATE video.call_notices SET at = at - interval '8 days' WHERE call_id = ANY($1::uuid[])`,
      [[over, live]],
    );
    await sweepNotices(world.database);
    const left = await world.database.query<{ call_id: string }>(
      'SELECT call_id FROM video.call_notices WHERE call_id = ANY($1::uuid[])',
      [[over, live]],
    );
    expect(left.map(({ call_id }) => call_id)).toEqual([live]);
  });

  it('closes the sockets of a call that was missed', async () => {
    const video = await world.start();
    const callId = await video.ring(ada, await world.conversation(ada, bob));
    const socket = await video.open(ada, callId);
    await world.endRinging(callId);
    expect(await socket.next('call_ended')).toMatchObject({
      data: { reason: 'no_answer', state: 'left' },
    });
    expect((await socket.closed).code).toBe(4404);
    expect(await statusOf(callId)).toBe('missed');
  });
});
