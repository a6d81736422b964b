import { randomBytes } from 'node:crypto';
import { eventually } from '@secureconnect/testkit';
import { someone, type TestUser } from '@secureconnect/tokens/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { newWorld, type TestVideo, type World } from '../harness.ts';
import { type ApnsService, startApnsService } from './apns-service.ts';
import { type FcmService, fcmError, startFcmService } from './fcm-service.ts';
import { signIn } from './signed-in.ts';

let world: World;
let fcm: FcmService;
let apns: ApnsService;
let video: TestVideo;
beforeAll(async () => {
  fcm = await startFcmService();
  apns = await startApnsService();
  world = await newWorld();
  video = await world.start({ ...fcm.environment, ...apns.environment });
  await video.untilDegraded(false);
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await apns[Symbol.asyncDispose]();
  await fcm[Symbol.asyncDispose]();
});

let ada: TestUser;
let bob: TestUser;
beforeEach(async () => {
  [ada, bob] = [someone(), someone()];
  await signIn(world.database, bob);
});

async function register(body: object): Promise<void> {
  const reply = await video.call(bob, 'POST', '/v1/push/tokens', body);
  expect(reply.status, reply.text).toBe(201);
}

const tokensLeft = async (): Promise<string[]> => {
  const { body } = await video.call(bob, 'GET', '/v1/push/tokens');
  return body.data.tokens.map(({ kind }: { kind: string }) => kind);
};

it('a call rings and stops on phones of both makers, with one key', async () => {
  const fcmToken = `fcm:${randomBytes(60).toString('hex')}`;
  const apnsToken = randomBytes(32).toString('hex').toUpperCase();
  await register({ kind: 'fcm', token: fcmToken });
  await register({ kind: 'apns', token: apnsToken });
  const callId = await video.ring(ada, await world.conversation(ada, bob));
  await eventually(() => expect([fcm.messages.length, apns.requests.length]).toEqual([1, 1]));
  await video.call(ada, 'POST', `/v1/calls/${callId}/cancel`);
  await eventually(() => expect([fcm.messages.length, apns.requests.length]).toEqual([2, 2]));
  const key = callId.replaceAll('-', '');
  const messages = fcm.messages.map(({ body }) => body.message);
  expect(messages.map(({ data }) => data.type)).toEqual(['call_ringing', 'call_ended']);
  expect(messages.map(({ android }) => android.collapse_key)).toEqual([key, key]);
  expect(messages[0].token).toBe(fcmToken);
  expect(apns.requests.map(({ body }) => body.data.type)).toEqual(['call_ringing', 'call_ended']);
  expect(apns.requests.map(({ headers }) => headers['apns-collapse-id'])).toEqual([key, key]);
  expect(apns.requests[0]?.path).toBe(`/3/device/${apnsToken.toLowerCase()}`);
});

it('tokens that FCM and APNs do not know any more are removed', async () => {
  await register({ kind: 'fcm', token: `fcm:${randomBytes(60).toString('hex')}` });
  await register({ kind: 'apns', token: randomBytes(32).toString('hex') });
  fcm.answer({ status: 404, body: fcmError('NOT_FOUND', 'UNREGISTERED') });
  apns.answer({ status: 410, reason: 'Unregistered' });
  await video.ring(ada, await world.conversation(ada, bob));
  await eventually(async () => expect(await tokensLeft()).toEqual([]));
  expect([...fcm.complaints, ...apns.complaints]).toEqual([]);
});

it('each kind has its own queue: APNs that hangs does not delay FCM', async () => {
  await register({ kind: 'fcm', token: `fcm:${randomBytes(60).toString('hex')}` });
  await register({ kind: 'apns', token: randomBytes(32).toString('hex') });
  apns.answer('hang');
  const before = fcm.messages.length;
  const startedAt = performance.now();
  await video.ring(ada, await world.conversation(ada, bob));
  await eventually(() => expect(fcm.messages).toHaveLength(before + 1));
  expect(performance.now() - startedAt).toBeLessThan(4000);
});
