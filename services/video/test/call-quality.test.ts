import { randomUUID } from 'node:crypto';
import { eventually } from '@secureconnect/testkit';
import { someone, type TestUser } from '@secureconnect/tokens/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { removeOldReports } from '../src/stores/call-quality.ts';
import { newWorld, type VideoReply, worldOfFile } from './harness.ts';

const world = await worldOfFile();
const video = await world.start();

// New ones for each test: callees who are in a call already are busy.
let ada: TestUser;
let bob: TestUser;
let eve: TestUser;
beforeEach(() => {
  [ada, bob, eve] = [someone(), someone(), someone()];
});

const act = (user: TestUser, callId: string, action: string) =>
  video.call(user, 'POST', `/v1/calls/${callId}/${action}`);

async function answered(): Promise<{ readonly callId: string; readonly conversationId: string }> {
  const conversationId = await world.conversation(ada, bob, eve);
  const callId = await video.ring(ada, conversationId);
  await act(bob, callId, 'join');
  return { callId, conversationId };
}

const connected = { state: 'connected', media_lost: false, setup_ms: 900 };

function report(
  user: TestUser | undefined,
  callId: string,
  { summary = {}, ...given }: Readonly<Record<string, unknown>> & { summary?: object } = {},
): Promise<VideoReply> {
  const body = { connection_id: randomUUID(), sequence: 1, ...given };
  const whole = { ...connected, ...summary };
  return video.call(user, 'POST', `/v1/calls/${callId}/quality`, { ...body, summary: whole });
}

const outcome = ({ status, body }: VideoReply) => [status, body.error?.message];

const stored = (callId: string) =>
  world.database.query<{ user_id: string; sequence: number; summary: object }>(
    `SELECT user_id, sequence, peer_id, summary FROM video.call_quality
     WHERE call_id = $1 ORDER BY reported_at, connection_id`,
    [callId],
  );

/** The value of a line of the metrics. */
async function metric(line: string): Promise<number> {
  const text = await (await fetch(`${video.url}/metrics`)).text();
  const value = text.split('\n').find((one) => one.startsWith(`${line} `));
  if (value === undefined) throw new Error(`no line ${line}`);
  return Number(value.slice(line.length + 1));
}

describe('a report on a connection of a call', () => {
  it('is stored as its participant sends it', async () => {
    const { callId } = await answered();
    const connection_id = randomUUID();
    const summary = {
      ...{ local_candidate_type: 'relay', remote_candidate_type: 'srflx', relay_protocol: 'tcp' },
      ...{ round_trip_ms: 41.5, jitter_ms: 3, packets_sent: 100, packets_sent_lost: 2 },
      ...{ packets_received: 99, packets_received_lost: 1, frames_decoded: 30, freezes: 1 },
      ...{ ice_restarts: 1, reconnects: 2 },
    };
    const reply = await report(bob, callId, { connection_id, peer_id: ada.userId, summary });
    expect(reply.status).toBe(200);
    expect(reply.body.data).toEqual({ call_id: callId, connection_id, sequence: 1 });
    expect(await stored(callId)).toEqual([
      {
        ...{ user_id: bob.userId, sequence: 1, peer_id: ada.userId },
        summary: { ...connected, ...summary },
      },
    ]);
  });

  it('replaces an earlier one, and is not replaced by a repeated or a late one', async () => {
    const { callId } = await answered();
    const connection_id = randomUUID();
    const send = (sequence: number, packets_sent: number) =>
      report(bob, callId, { connection_id, sequence, summary: { packets_sent } });
    expect((await send(2, 20)).body.data.sequence).toBe(2);
    const again = await Promise.all([send(2, 21), send(2, 22), send(1, 10)]);
    for (const { status, body } of again) expect([status, body.data.sequence]).toEqual([200, 2]);
    expect(await stored(callId)).toMatchObject([{ sequence: 2, summary: { packets_sent: 20 } }]);
    expect((await send(3, 30)).body.data.sequence).toBe(3);
    expect(await stored(callId)).toMatchObject([{ sequence: 3, summary: { packets_sent: 30 } }]);
  });

  it('is taken from users who are or were in the call, until five minutes after its end', async () => {
    const { callId, conversationId } = await answered();
    expect(outcome(await report(eve, callId))).toEqual([
      409,
      'You have not been in this call; join it first.',
    ]);
    await act(bob, callId, 'end');
    expect((await report(bob, callId)).status).toBe(200);
    await act(ada, callId, 'end');
    for (const user of [ada, bob]) expect((await report(user, callId)).status).toBe(200);
    expect((await report(eve, callId)).status).toBe(409);
    await world.takeOut(conversationId, bob);
    expect(outcome(await report(bob, callId))).toEqual([404, 'There is no such call.']);
    await world.database.execute(
      `UPDATE video.calls SET ended_at = ended_at - interval '5 minutes' WHERE call_id = $1`,
      [callId],
    );
    expect(outcome(await report(ada, callId))).toEqual([
      409,
      'This call ended over 5 minutes ago; report earlier.',
    ]);
  });

  it('is refused to everybody else, and about peers who are not in the call', async () => {
    const { callId } = await answered();
    const stranger = someone();
    for (const id of [callId, randomUUID()]) {
      const refused = await report(stranger, id);
      expect(outcome(refused)).toEqual([404, 'There is no such call.']);
    }
    expect((await report(undefined, callId)).status).toBe(401);
    for (const peer_id of [bob.userId, stranger.userId]) {
      expect(outcome(await report(bob, callId, { peer_id }))).toEqual([
        404,
        'There is no such peer in this call.',
      ]);
    }
    expect(await stored(callId)).toEqual([]);
  });

  it('may be on twenty connections of a user, each in turn as often as there is news', async () => {
    const { callId } = await answered();
    const ids = Array.from({ length: 20 }, () => randomUUID());
    for (const connection_id of ids) {
      expect((await report(bob, callId, { connection_id })).status).toBe(200);
    }
    expect((await report(bob, callId)).status).toBe(409);
    expect((await report(bob, callId, { connection_id: ids[0], sequence: 2 })).status).toBe(200);
    expect((await report(ada, callId)).status).toBe(200);
  });

  it.each([
    ['body.connection_id', { connection_id: 'x' }],
    ['body.sequence', { sequence: 0 }],
    ['body.sequence', { sequence: 100_001 }],
    ['body.summary.state', { summary: { state: 'fine' } }],
    ['body.summary.setup_ms', { summary: { setup_ms: -1 } }],
    ['body.summary.round_trip_ms', { summary: { round_trip_ms: 60_001 } }],
    ['body.summary.packets_sent', { summary: { packets_sent: 1.5 } }],
    ['body.summary.local_candidate_type', { summary: { local_candidate_type: 'turn' } }],
  ])('is refused with a wrong %s', async (field, given) => {
    const reply = await report(ada, randomUUID(), given);
    expect([reply.status, reply.body.error?.details?.[0]?.field]).toEqual([400, field]);
  });

  it('is kept for 30 days', async () => {
    const { callId } = await answered();
    await report(ada, callId);
    await report(bob, callId);
    await world.database.execute(
      `UPDATE video.call_quality SET reported_at = now() - interval '30 days 1 minute'
       WHERE call_id = $1 AND user_id = $2`,
      [callId, ada.userId],
    );
    expect(await removeOldReports(world.database)).toBe(1);
    expect(await stored(callId)).toMatchObject([{ user_id: bob.userId }]);
  });
});

describe('the metrics of calls', () => {
  const connections = (type: string) => `video_call_connections_total{candidate_type="${type}"}`;
  const failures = (stage: string) => `video_call_connection_failures_total{stage="${stage}"}`;
  const lines = [
    'video_call_setup_seconds_count',
    ...[connections('host'), connections('relay'), connections('unknown')],
    ...[failures('setup'), failures('media')],
  ];
  const read = () => Promise.all(lines.map(metric));

  it('count a connection once, whatever is reported on it how often', async () => {
    const { callId } = await answered();
    const before = await read();
    const connection_id = randomUUID();
    const local_candidate_type = 'host';
    const reports = [
      { sequence: 1, summary: { state: 'connecting', setup_ms: undefined } },
      { sequence: 2, summary: { local_candidate_type, remote_candidate_type: 'relay' } },
      { sequence: 2, summary: { local_candidate_type } },
      { sequence: 3, summary: { local_candidate_type, media_lost: true } },
      { sequence: 4, summary: { local_candidate_type, media_lost: true, state: 'failed' } },
    ];
    for (const one of reports) {
      expect((await report(bob, callId, { connection_id, ...one })).status).toBe(200);
    }
    await report(ada, callId, { summary: { local_candidate_type } });
    await report(ada, callId, { summary: { state: 'failed', setup_ms: undefined } });
    await report(ada, callId);
    const after = await read();
    const grown = Object.fromEntries(
      lines.map((line, index) => [line, (after[index] ?? 0) - (before[index] ?? 0)]),
    );
    expect(grown).toEqual({
      video_call_setup_seconds_count: 3,
      [connections('host')]: 1,
      [connections('relay')]: 1,
      [connections('unknown')]: 1,
      [failures('setup')]: 1,
      [failures('media')]: 1,
    });
  });

  it('count the end of a call once over all instances, and the live ones', async () => {
    await using own = await newWorld();
    const instances = [await own.start(), await own.start()];
    const total = async (line: string): Promise<number[]> => {
      const texts = await Promise.all(
        instances.map(async ({ url }) => (await fetch(`${url}/metrics`)).text()),
      );
      return texts.map((text) => {
        const found = text.split('\n').find((one) => one.startsWith(`${line} `));
        return Number(found?.slice(line.length + 1));
      });
    };
    const [one] = instances;
    if (one === undefined) throw new Error('no instance');
    const ring = async (): Promise<readonly [TestUser, string]> => {
      const [caller, callee] = [someone(), someone()];
      return [caller, await one.ring(caller, await own.conversation(caller, callee))];
    };
    for (let call = 0; call < 7; call += 1) {
      const [caller, callId] = await ring();
      await one.call(caller, 'POST', `/v1/calls/${callId}/cancel`);
    }
    await ring();
    const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
    const counted = async () => {
      expect(sum(await total('video_calls_ended_total{reason="cancelled"}'))).toBe(7);
      expect(await total('video_calls_live{status="ringing"}')).toEqual([1, 1]);
      expect(await total('video_calls_live{status="active"}')).toEqual([0, 0]);
    };
    await eventually(counted, { timeoutMs: 12_000 });
    const [left] = await own.database.query<{ calls: string }>(
      `SELECT count(*)::text AS calls FROM video.calls WHERE counted`,
    );
    expect(left?.calls).toBe('7');
  });
});
