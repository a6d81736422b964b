import { someone, type TestUser } from '@secureconnect/tokens/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Device, newPushScene, type PushScene, typesTo } from './push-scene.ts';
import { endSession } from './signed-in.ts';

let scene: PushScene;
beforeAll(async () => {
  scene = await newPushScene();
});
afterAll(() => scene[Symbol.asyncDispose]());

// New ones for each test: callees who are in a call already are busy.
let ada: TestUser;
let bob: TestUser;
let phone: Device;
beforeEach(async () => {
  [ada, bob] = [someone(), someone()];
  phone = await scene.device(bob);
});

async function ring(): Promise<string> {
  return scene.video.ring(ada, await scene.world.conversation(ada, bob));
}

async function tokensOf(user: TestUser): Promise<number> {
  const { body } = await scene.video.call(user, 'GET', '/v1/push/tokens');
  return body.data.tokens.length;
}

describe('a push service that answers', () => {
  it.each([404, 410])('%d: the token is removed, and other devices keep theirs', async (status) => {
    const tablet = await scene.device(bob);
    scene.service.answer(phone.subscription, { status });
    await ring();
    await tablet.subscription.hasGot(1);
    await scene.untilAllDone(bob);
    expect(typesTo(phone)).toHaveLength(1);
    expect(await tokensOf(bob)).toBe(1);
  });

  it.each([400, 403, 413, 307])('%d: the push is dropped, and the token stays', async (status) => {
    scene.service.answer(phone.subscription, {
      status,
      headers: { location: 'https://a.example' },
    });
    await ring();
    await scene.untilAllDone(bob);
    expect(typesTo(phone)).toHaveLength(1);
    expect(await tokensOf(bob)).toBe(1);
  });

  it('429: the push is sent again after the time that it asks for', async () => {
    scene.service.answer(phone.subscription, { status: 429, headers: { 'retry-after': '4' } });
    await ring();
    await phone.subscription.hasGot(1);
    const refusedAt = performance.now();
    await phone.subscription.hasGot(2);
    expect(performance.now() - refusedAt).toBeGreaterThan(3500);
    await scene.untilAllDone(bob);
    expect(typesTo(phone)).toEqual(['call_ringing', 'call_ringing']);
  });

  it('503 at first: the push is sent again while the call rings, with what is left of its time', async () => {
    scene.service.answer(phone.subscription, { status: 503 }, { status: 500 });
    await ring();
    await phone.subscription.hasGot(3);
    const pushes = phone.subscription.received();
    const ttls = pushes.map(({ headers }) => Number(headers['ttl']));
    expect(ttls.toSorted((a, b) => b - a)).toEqual(ttls);
    expect(ttls[2]).toBeLessThan(ttls[0] ?? 0);
    expect(new Set(pushes.map(({ headers }) => headers['topic'])).size).toBe(1);
  });

  it('503 until the call is over: the push ends with the call, and leaves nothing behind', async () => {
    const refusals = Array.from({ length: 20 }, () => ({ status: 503 }));
    scene.service.answer(phone.subscription, ...refusals);
    const callId = await ring();
    await phone.subscription.hasGot(2);
    scene.service.answer(phone.subscription);
    await scene.world.endRinging(callId);
    await phone.subscription.hasGot(3);
    await scene.untilAllDone(bob);
    expect(typesTo(phone).at(-1)).toBe('call_ended');
    const dead = await scene.world.database.query(
      `SELECT 1 FROM video.outbox WHERE owner_id = $1 AND state = 'dead'`,
      [bob.userId],
    );
    expect(dead).toEqual([]);
  });

  it('nothing: the attempt ends after five seconds, and the push is sent again', async () => {
    scene.service.answer(phone.subscription, 'hang');
    await ring();
    await phone.subscription.hasGot(2, 12_000);
    await scene.untilAllDone(bob);
  });
});

it('a session that ended after the call began is not pushed', async () => {
  await endSession(scene.world.database, phone);
  await ring();
  await scene.untilAllDone(bob);
  expect(typesTo(phone)).toEqual([]);
});

it('every push that is not sent is counted by its result', async () => {
  scene.service.answer(phone.subscription, { status: 410 });
  const before = await counted('gone');
  await ring();
  await scene.untilAllDone(bob);
  expect(await counted('gone')).toBe(before + 1);
});

async function counted(result: string): Promise<number> {
  const metrics = await (await fetch(`${scene.video.url}/metrics`)).text();
  const line = metrics
    .split('\n')
    .find(
      (each) =>
        each.startsWith('push_attempts_total') &&
        each.includes(`result="${result}"`) &&
        each.includes('kind="web"'),
    );
  return Number(line?.split(' ').at(-1));
}
