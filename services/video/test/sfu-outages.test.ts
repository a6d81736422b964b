import { randomUUID } from 'node:crypto';
import { createLogger, createMetrics } from '@secureconnect/service';
import {
  eventually,
  liveKitKey,
  liveKitSkipReason,
  sfuEnvironment,
  type TestLiveKit,
  testLiveKit,
} from '@secureconnect/testkit';
import { someone, type TestUser } from '@secureconnect/tokens/testing';
import { RoomServiceClient } from 'livekit-server-sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSfuRooms } from '../src/sfu/sfu-rooms.ts';
import { ClosableWay } from './closable-way.ts';
import { newWorld, type TestVideo, type VideoReply, type World } from './harness.ts';
import { signEvent } from './sfu-events.ts';

const { apiKey, apiSecret } = liveKitKey;
const patiently = { timeoutMs: 20_000 };
const unavailable = [503, 'SERVICE_UNAVAILABLE', 'The SFU does not answer; retry.', '5'];
const outcome = ({ status, body, headers }: VideoReply) => [
  status,
  body.error?.code,
  body.error?.message,
  headers.get('retry-after'),
];

describe.skipIf(liveKitSkipReason !== '')(`while LiveKit is away${liveKitSkipReason}`, () => {
  let world: World;
  let video: TestVideo;
  let liveKit: TestLiveKit;
  let way: ClosableWay;
  beforeAll(async () => {
    world = await newWorld();
    liveKit = await testLiveKit();
    way = await ClosableWay.to(liveKit.port);
    const SFU_API_URL = `http://127.0.0.1:${way.port}`;
    video = await world.start({ ...sfuEnvironment(liveKit.port), SFU_API_URL });
  });
  afterAll(async () => {
    await way.close();
    await world[Symbol.asyncDispose]();
    await liveKit[Symbol.asyncDispose]();
  });

  const act = (user: TestUser, callId: string, action: string): Promise<VideoReply> =>
    video.call(user, 'POST', `/v1/calls/${callId}/${action}`);
  const initiate = (user: TestUser, conversationId: string, topology: 'mesh' | 'sfu') =>
    video.call(user, 'POST', '/v1/calls/initiate', {
      call_type: 'video',
      topology,
      conversation_id: conversationId,
    });

  it('a wrong secret is one line of the log with what to do, for every request', async () => {
    const lines: string[] = [];
    const log = createLogger({
      service: 'video',
      level: 'info',
      write: (line) => lines.push(line),
    });
    const apiUrl = `http://127.0.0.1:${liveKit.port}`;
    const secret = 'a wrong secret that is long enough';
    const config = { apiUrl, apiKey, apiSecret: secret, url: apiUrl, tokenSeconds: 60 };
    const rooms = createSfuRooms(config, createMetrics(), log);
    for (const request of [rooms.close(randomUUID()), rooms.create(randomUUID(), 2)])
      await expect(request).rejects.toMatchObject({ code: 'HTTP_401' });
    expect(lines).toEqual([expect.stringContaining('Correct SFU_API_KEY and SFU_API_SECRET,')]);
    expect(lines[0]).not.toContain(secret);
  });

  it('no call through it begins and no token is given; all else works, and is made up for', async () => {
    const rooms = new RoomServiceClient(`http://127.0.0.1:${liveKit.port}`, apiKey, apiSecret);
    const [ada, bob, eve] = [someone(), someone(), someone()];
    const made = await initiate(ada, await world.conversation(ada, bob, eve), 'sfu');
    const callId: string = made.body.data.call_id;
    await way.close();

    const conversationId = await world.conversation(ada, bob);
    expect(outcome(await initiate(ada, conversationId, 'sfu'))).toEqual(unavailable);
    const calls = await world.database.query(
      'SELECT call_id FROM video.calls WHERE conversation_id = $1',
      [conversationId],
    );
    expect(calls).toEqual([]);
    const accepted = await act(bob, callId, 'accept');
    expect([accepted.status, accepted.body.data.sfu.url]).toEqual([
      200,
      `ws://127.0.0.1:${liveKit.port}`,
    ]);
    const token = await video.call(bob, 'GET', `/v1/calls/${callId}/sfu-token`);
    expect(outcome(token)).toEqual(unavailable);
    expect((await initiate(eve, await world.conversation(eve, someone()), 'mesh')).status).toBe(
      201,
    );
    expect((await act(ada, callId, 'end')).body.data.status).toBe('ended');
    expect(await rooms.listRooms([callId])).toHaveLength(1);

    await way.open();
    await eventually(async () => expect(await rooms.listRooms([callId])).toEqual([]), patiently);
    expect((await initiate(ada, conversationId, 'sfu')).status).toBe(201);
  });

  it('of its messages, which contain tokens, a code is stored and told', async () => {
    const wrong = { SFU_API_SECRET: 'another LiveKit secret, which it does not know' };
    await using own = await newWorld();
    const foreign = await own.start({ ...sfuEnvironment(liveKit.port), ...wrong });
    const [ada, bob] = [someone(), someone()];
    const refused = await foreign.call(ada, 'POST', '/v1/calls/initiate', {
      call_type: 'video',
      topology: 'sfu',
      conversation_id: await own.conversation(ada, bob),
    });
    expect(outcome(refused)).toEqual(unavailable);
    expect(await liveKit.log()).toContain('invalid token: eyJ');
    expect(refused.text).not.toContain('eyJ');
    await own.database.execute(
      `INSERT INTO video.outbox (effect_id, kind, idempotency_key, payload, due_at)
       VALUES (gen_random_uuid(), 'sfu_room', 'of this test',
         '{"call_id":"3f0c9a52-8d1e-4b7a-9c36-5e2f71d804ab","is_over":true}', now())`,
    );
    await eventually(async () => {
      const [row] = await own.database.query<{ last_error: string | null }>(
        'SELECT last_error FROM video.outbox',
      );
      expect(row?.last_error).toBe('HTTP_401');
    }, patiently);
  });

  it('no call through it begins where another server answers in its place', async () => {
    await using own = await newWorld();
    // Video itself: it knows no route of LiveKit.
    const SFU_API_URL = video.url;
    const astray = await own.start({ ...sfuEnvironment(liveKit.port), SFU_API_URL });
    const [ada, bob] = [someone(), someone()];
    const refused = await astray.call(ada, 'POST', '/v1/calls/initiate', {
      call_type: 'video',
      topology: 'sfu',
      conversation_id: await own.conversation(ada, bob),
    });
    expect(outcome(refused)).toEqual(unavailable);
  });

  it('a database that is down makes webhooks 503, so that LiveKit repeats them', async () => {
    await using own = await newWorld();
    const url = new URL(own.databaseUrl);
    const toDatabase = await ClosableWay.to(Number(url.port));
    url.port = String(toDatabase.port);
    const other = await own.start({ ...sfuEnvironment(liveKit.port), DATABASE_URL: url.href });
    const event = { event: 'room_finished', id: 'EV_1', room: { name: randomUUID() } };
    const { body, signature: authorization } = await signEvent(event);
    const send = () =>
      fetch(`${other.url}/v1/calls/sfu-events`, {
        method: 'POST',
        body,
        headers: { authorization, 'content-type': 'application/webhook+json' },
      });
    await toDatabase.close();
    expect((await send()).status).toBe(503);
    await toDatabase.open();
    await eventually(async () => expect((await send()).status).toBe(200), patiently);
    await other.close();
    await toDatabase.close();
  });
});
