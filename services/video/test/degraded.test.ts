import { randomUUID } from 'node:crypto';
import { type RedisFault, redisFaults } from '@secureconnect/testkit';
import { someone, type TestUser, tokenOf } from '@secureconnect/tokens/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newWorld, type TestVideo, type World } from './harness.ts';

// New ones for each test: callees who are in a call already are busy.
let ada: TestUser;
let bob: TestUser;
beforeEach(() => {
  [ada, bob] = [someone(), someone()];
});

describe.each(redisFaults)('video while Redis is $name', (fault: RedisFault) => {
  let world: World;
  let video: TestVideo;
  beforeAll(async () => {
    world = await newWorld();
    video = await world.start();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  /** A whole call with its signaling; `degraded` is what each reply says of its ports. */
  async function wholeCall(degraded: { readonly plain: string | null; fanned: string | null }) {
    const conversationId = await world.conversation(ada, bob);
    const startedAt = performance.now();
    const made = await video.call(ada, 'POST', '/v1/calls/initiate', {
      call_type: 'audio',
      conversation_id: conversationId,
    });
    expect(made.status).toBe(201);
    expect(made.headers.get('x-degraded')).toBe(degraded.fanned);
    const callId: string = made.body.data.call_id;
    const a = await video.open(ada, callId);
    const joined = await video.call(bob, 'POST', `/v1/calls/${callId}/join`);
    expect([joined.status, joined.body.data.status]).toEqual([200, 'active']);
    expect(joined.headers.get('x-degraded')).toBe(degraded.fanned);
    expect(await a.next('join')).toMatchObject({ from: bob.userId });

    const b = await video.open(bob, callId);
    a.send({ type: 'offer', call_id: callId, to: bob.userId, data: { sdp: 'v=0' } });
    expect(await b.next('offer')).toMatchObject({ from: ada.userId, data: { sdp: 'v=0' } });
    b.send({ type: 'answer', call_id: callId, to: ada.userId, data: { sdp: 'v=0' } });
    expect(await a.next('answer')).toMatchObject({ from: bob.userId });
    b.send({ type: 'mute_audio', call_id: callId, data: { muted: true } });
    expect(await a.next('mute_audio')).toMatchObject({ from: bob.userId });

    const seen = await video.call(bob, 'GET', `/v1/calls/${callId}`);
    expect([seen.status, seen.headers.get('x-degraded')]).toEqual([200, degraded.plain]);
    const over = await video.call(ada, 'POST', `/v1/calls/${callId}/end`);
    expect([over.status, over.body.data.status]).toEqual([200, 'ended']);
    expect(over.headers.get('x-degraded')).toBe(degraded.fanned);
    expect((await a.closed).code).toBe(4404);
    expect((await b.closed).code).toBe(4404);
    const ended = { type: 'call_ended', data: { reason: 'ended_by_host', state: 'left' } };
    expect([a.frames, b.frames]).toMatchObject([[ended], [ended]]);
    expect(performance.now() - startedAt).toBeLessThan(8000);
  }

  const normal = { plain: null, fanned: null };
  const down = { plain: 'revocations=snapshot', fanned: 'revocations=snapshot, fan-out=local' };

  it('serves whole calls at once, throughout and after', { timeout: 60_000 }, async () => {
    await wholeCall(normal);
    await fault.begin(world.redis);
    await wholeCall(down);
    await video.untilDegraded(true);
    await wholeCall(down);
    await fault.end(world.redis);
    await video.untilDegraded(false);
    await wholeCall(normal);
  });
});

describe('sockets that were open before Redis was killed', () => {
  it('stay open, hear of an end at a different instance, and reach it again afterwards', {
    timeout: 60_000,
  }, async () => {
    await using world = await newWorld();
    const [one, two] = [await world.start(), await world.start()];
    const ring = () => world.conversation(ada, bob).then((id) => one.ring(ada, id));
    const [first, second] = [await ring(), await ring()];
    const [a, b] = [await one.open(ada, first), await two.open(bob, first)];
    const onOtherDevice = { userId: ada.userId, sessionId: randomUUID() };
    const c = await two.open({ ...onOtherDevice, token: tokenOf(onOtherDevice) }, second);
    const [d, e] = [await one.open(ada, second), await one.open(bob, second)];
    await world.redis.kill();
    await one.untilDegraded(true);

    d.send({ type: 'offer', call_id: second, to: bob.userId, data: { sdp: 'local' } });
    expect(await e.next('offer')).toMatchObject({ data: { sdp: 'local' } });
    await one.call(ada, 'POST', `/v1/calls/${first}/end`);
    // No Redis tells the other instance; it asks the database.
    for (const socket of [a, b]) {
      expect(await socket.next('call_ended')).toMatchObject({ data: { reason: 'cancelled' } });
      expect((await socket.closed).code).toBe(4404);
    }

    await world.redis.restart({ empty: true });
    for (const instance of [one, two]) await instance.untilDegraded(false);
    d.send({ type: 'mute_video', call_id: second, data: { muted: true } });
    expect(await c.next('mute_video')).toMatchObject({ from: ada.userId });
    await Promise.all([c, d, e].map((socket) => socket.close()));
  });
});
