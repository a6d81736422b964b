import { eventually, type SampleUser, SocketClient } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { type Stack, startStack } from '../support/stack.ts';
import { act, databaseOf, newScene, ring } from './scene.ts';

/** A socket counts as lost 15 s after its instance was killed, by instances that run for 30 s. */
const patienceMs = 60_000;

/** A signaling socket at an instance of video itself. */
function open(stack: Stack, { token }: SampleUser, callId: string): Promise<SocketClient> {
  const url = `${stack.urls.video}/v1/ws/signaling?call_id=${callId}`;
  return SocketClient.open(url.replace('http', 'ws'), token, { patienceMs });
}

it('who loses the socket with a killed instance, without Redis, returns at another one', {
  timeout: 180_000,
}, async () => {
  await using one = await startStack({}, { processes: ['video'] });
  await using two = await startStack({}, { over: one });
  const scene = await newScene(one, 3);
  const [ada, bob, eve] = scene.users as readonly [SampleUser, SampleUser, SampleUser];
  const callId = await ring(one, ada, scene);
  for (const { token } of [bob, eve]) {
    expect((await act(one, token, callId, 'accept')).status).toBe(200);
  }
  await using a = await open(two, ada, callId);
  const [b, e] = [await open(one, bob, callId), await open(one, eve, callId)];
  await one.redis.kill();
  await one.processes.video?.end('SIGKILL');
  await Promise.all([b.closed, e.closed]);

  // Bob is back before anybody has seen the loss; an offer of ada may have been lost with it.
  await using back = await open(two, bob, callId);
  expect(await a.next('peer_back')).toMatchObject({ from: bob.userId });
  const offer = { type: 'offer', call_id: callId, data: { sdp: 'v=0' } };
  a.send({ ...offer, id: 'bob', to: bob.userId });
  await back.next('offer');

  // Eve does not come back: her place is kept for 30 s after the loss was seen.
  for (const socket of [a, back]) {
    expect(await socket.next('peer_left')).toMatchObject({ from: eve.userId });
  }
  a.send({ ...offer, id: 'eve', to: eve.userId });
  expect(await a.next((frame) => frame['id'] === 'eve')).toMatchObject({ type: 'ack' });
  for (const socket of [a, back]) {
    expect(await socket.next('leave')).toMatchObject({ from: eve.userId });
  }
  await using database = databaseOf(two);
  await eventually(
    async () => {
      const kept = await database.sql.query('SELECT call_id FROM video.kept_signals');
      const sockets = await database.sql.query<{ user_id: string }>(
        'SELECT user_id FROM video.call_sockets WHERE call_id = $1',
        [callId],
      );
      expect(kept).toEqual([]);
      expect(new Set(sockets.map(({ user_id }) => user_id))).toEqual(
        new Set([ada.userId, bob.userId]),
      );
    },
    { timeoutMs: patienceMs, intervalMs: 500 },
  );
  const parts = await database.sql.query<{ state: string; part_end_reason: string }>(
    `SELECT state, part_end_reason FROM video.call_participants
     WHERE call_id = $1 AND user_id = $2`,
    [callId, eve.userId],
  );
  expect(parts).toEqual([{ state: 'left', part_end_reason: 'connection_lost' }]);
  expect([a.frames, back.frames].flat().filter(({ type }) => type.startsWith('peer_'))).toEqual([]);
});
