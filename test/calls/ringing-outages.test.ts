import { eventually, type SampleUser, type SocketClient } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { startStack } from '../support/stack.ts';
import { act, databaseOf, endRinging, newScene, openDevice, ring } from './scene.ts';

const callTypes = (socket: SocketClient): string[] =>
  socket.frames.filter(({ type }) => type.startsWith('call_')).map(({ type }) => type);

/** How long a frame may take without Redis, as docs/calls.md says, and the time of the request. */
const boundMs = 2500;

it('rings and stops by what SQL says while Redis is down, at other instances too', {
  timeout: 60_000,
}, async () => {
  await using one = await startStack();
  await using two = await startStack({}, { over: one });
  const scene = await newScene(one, 2);
  const [ada, bob] = scene.users as readonly [SampleUser, SampleUser];
  const devices = [await openDevice(one, bob.token), await openDevice(two, bob.token)];
  const caller = await openDevice(two, ada.token);

  // Killed while it rings: the ring arrived over the bus, its end does not.
  const first = await ring(one, ada, scene);
  for (const device of devices) await device.next('call_ringing');
  await one.redis.kill();
  const declined = await act(two, bob.token, first, 'decline');
  const declinedAt = performance.now();
  expect([declined.status, declined.headers.get('x-degraded')]).toEqual([
    200,
    'revocations=snapshot, fan-out=local',
  ]);
  for (const device of [caller, ...devices]) {
    expect(await device.next('call_ended')).toMatchObject({ data: { reason: 'declined' } });
  }
  expect(performance.now() - declinedAt).toBeLessThan(boundMs);

  const startedAt = performance.now();
  const second = await ring(one, ada, scene);
  for (const device of devices) {
    expect(await device.next('call_ringing')).toMatchObject({ data: { call_id: second } });
  }
  expect(performance.now() - startedAt).toBeLessThan(boundMs);

  // And back while it rings: the bus does not repeat what the store brought.
  await one.redis.restart({ empty: true });
  await eventually(
    async () => {
      const accepted = await act(two, bob.token, second, 'accept');
      expect([accepted.status, accepted.headers.get('x-degraded')]).toEqual([200, null]);
    },
    { timeoutMs: 20_000 },
  );
  for (const device of [caller, ...devices]) await device.next('call_answered');
  await act(one, ada.token, second, 'end');
  for (const device of [caller, ...devices]) {
    expect(await device.next('call_ended')).toMatchObject({ data: { call_id: second } });
    expect(callTypes(device)).toEqual([]);
  }
});

it('a call that rings when every instance of video is killed is missed once after the restart', {
  timeout: 60_000,
}, async () => {
  await using one = await startStack({}, { processes: ['video'] });
  const scene = await newScene(one, 2);
  const [ada, bob] = scene.users as readonly [SampleUser, SampleUser];
  const devices = [await openDevice(one, ada.token), await openDevice(one, bob.token)];
  const callId = await ring(one, ada, scene);
  await devices[1]?.next('call_ringing');
  await one.processes.video?.end('SIGKILL');
  await endRinging(one, callId);
  await one.processes.video?.start();
  await using two = await startStack({}, { over: one });
  for (const device of devices) {
    expect(await device.next('call_ended')).toMatchObject({ data: { reason: 'no_answer' } });
    expect(callTypes(device)).toEqual([]);
  }
  await using database = databaseOf(two);
  const rows = await database.sql.query<{ ends: string }>(
    `SELECT count(*) AS ends FROM video.call_notices
     WHERE call_id = $1 AND type = 'call_ended' GROUP BY user_id`,
    [callId],
  );
  expect(rows.map(({ ends }) => Number(ends))).toEqual([1, 1]);
});
