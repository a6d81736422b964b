import { createHash, createPublicKey, createVerify } from 'node:crypto';
import { someone, type TestUser } from '@secureconnect/tokens/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { TestVideo, World } from '../harness.ts';
import { newPushScene, type PushScene, typesTo } from './push-scene.ts';
import { vapidEnvironment } from './vapid.ts';

let scene: PushScene;
let world: World;
let video: TestVideo;
beforeAll(async () => {
  scene = await newPushScene();
  ({ world, video } = scene);
});
afterAll(() => scene[Symbol.asyncDispose]());

// New ones for each test: callees who are in a call already are busy.
let ada: TestUser;
let bob: TestUser;
beforeEach(() => {
  [ada, bob] = [someone(), someone()];
});

it('a device without a socket is pushed that a call rings, for as long as it rings', async () => {
  const phone = await scene.device(bob);
  const conversationId = await world.conversation(ada, bob);
  const callId = await video.ring(ada, conversationId);
  await phone.subscription.hasGot(1);
  expect(phone.subscription.data()).toEqual([
    {
      type: 'call_ringing',
      call_id: callId,
      conversation_id: conversationId,
      from: ada.userId,
      call_type: 'video',
      ring_until: expect.any(String),
    },
  ]);
  const [push] = phone.subscription.received();
  expect(push?.headers).toMatchObject({
    urgency: 'high',
    topic: callId.replaceAll('-', ''),
    'content-encoding': 'aes128gcm',
  });
  expect(Number(push?.headers['ttl'])).toBeGreaterThan(20);
  expect(Number(push?.headers['ttl'])).toBeLessThanOrEqual(30);
  expectVapid(String(push?.headers.authorization));
});

/** RFC 8292: a token of the key that browsers subscribed with, for this service and no other one. */
function expectVapid(authorization: string): void {
  const [, token = '', key = ''] = /^vapid t=([\w.-]+), k=([\w-]+)$/.exec(authorization) ?? [];
  expect(key).toBe(vapidEnvironment.VAPID_PUBLIC_KEY);
  const [header = '', claims = '', signature = ''] = token.split('.');
  const { aud, sub, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString());
  expect([aud, sub]).toEqual([`https://${scene.service.host}`, vapidEnvironment.VAPID_SUBJECT]);
  const hours = (exp - Date.now() / 1000) / 3600;
  expect(hours).toBeGreaterThan(0);
  expect(hours).toBeLessThanOrEqual(24);
  const point = Buffer.from(key, 'base64url');
  const [x = '', y = ''] = [point.subarray(1, 33), point.subarray(33)].map((half) =>
    half.toString('base64url'),
  );
  const publicKey = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
  const isSigned = createVerify('SHA256')
    .update(`${header}.${claims}`)
    .verify({ key: publicKey, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
  expect(isSigned).toBe(true);
}

it('the devices that do not answer stop ringing, each told once; the one that answers is not told', async () => {
  const [phone, tablet] = [await scene.device(bob), await scene.device(bob)];
  const callId = await video.ring(ada, await world.conversation(ada, bob));
  await Promise.all([phone, tablet].map(({ subscription }) => subscription.hasGot(1)));
  await video.call(phone, 'POST', `/v1/calls/${callId}/accept`);
  await tablet.subscription.hasGot(2);
  await video.call(ada, 'POST', `/v1/calls/${callId}/end`);
  await scene.untilAllDone(bob);
  expect(typesTo(tablet)).toEqual(['call_ringing', 'call_answered']);
  expect(typesTo(phone)).toEqual(['call_ringing']);
  const topics = tablet.subscription.received().map(({ headers }) => headers['topic']);
  expect(new Set(topics)).toEqual(new Set([callId.replaceAll('-', '')]));
});

it.each([
  ['cancelled by the caller', (callId: string) => act(ada, callId, 'cancel'), 'cancelled'],
  ['declined on a socket', (callId: string) => act(bob, callId, 'decline'), 'declined'],
  ['not answered', (callId: string) => world.endRinging(callId), 'no_answer'],
] as const)('a call that is %s stops ringing, with its reason', async (_how, end, reason) => {
  const phone = await scene.device(bob);
  const callId = await video.ring(ada, await world.conversation(ada, bob));
  await phone.subscription.hasGot(1);
  await end(callId);
  await phone.subscription.hasGot(2);
  expect(phone.subscription.data()[1]).toMatchObject({
    type: 'call_ended',
    call_id: callId,
    reason,
  });
});

it('a call that ended before its push is sent is not pushed at all', async () => {
  const phone = await scene.device(bob);
  scene.service.answer(phone.subscription, { status: 503 });
  const callId = await video.ring(ada, await world.conversation(ada, bob));
  await phone.subscription.hasGot(1);
  await act(ada, callId, 'cancel');
  await scene.untilAllDone(bob);
  // The one attempt that failed may have rung it, so its end is told.
  expect(typesTo(phone)).toEqual(['call_ringing', 'call_ended']);
});

async function act(user: TestUser, callId: string, action: string): Promise<void> {
  const { status, text } = await video.call(user, 'POST', `/v1/calls/${callId}/${action}`);
  expect(status, text).toBe(200);
}

it('nothing of a push is stored in clear: no address, and no payload once it is sent', async () => {
  const phone = await scene.device(bob);
  await video.ring(ada, await world.conversation(ada, bob));
  await phone.subscription.hasGot(1);
  await scene.untilAllDone(bob);
  const [stored] = await world.database.query<{ sealed_address: Buffer; address_hash: Buffer }>(
    'SELECT sealed_address, address_hash FROM video.push_tokens WHERE user_id = $1',
    [bob.userId],
  );
  const { endpoint, keys } = phone.subscription.address;
  for (const secret of [endpoint, keys.p256dh, keys.auth]) {
    expect(stored?.sealed_address.toString('latin1')).not.toContain(secret);
  }
  expect(stored?.address_hash).toEqual(createHash('sha256').update(`web ${endpoint}`).digest());
  const kept = await world.database.query(
    'SELECT 1 FROM video.outbox WHERE owner_id = $1 AND payload IS NOT NULL',
    [bob.userId],
  );
  expect(kept).toEqual([]);
});
