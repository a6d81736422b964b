import { randomUUID } from 'node:crypto';
import { MAX_PUSH_TOKENS, type PushToken, PushTokens } from '@secureconnect/contracts';
import { someone, type TestUser, tokenOf } from '@secureconnect/tokens/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sweepTokens } from '../../src/stores/push-tokens.ts';
import { sweepRungDevices } from '../../src/stores/rung-devices.ts';
import { newWorld, type TestVideo, type VideoReply, type World } from '../harness.ts';
import { endSession, signIn } from './signed-in.ts';
import { vapidEnvironment } from './vapid.ts';

const host = 'push.example.com';
const keys = {
  p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
  auth: 'BTBZMqHH6r4Tts7J_aSIgg',
};
const subscription = () => ({ kind: 'web', endpoint: `https://${host}/${randomUUID()}`, keys });

let world: World;
let video: TestVideo;
beforeAll(async () => {
  world = await newWorld();
  video = await world.start({ ...vapidEnvironment, WEB_PUSH_HOSTS: host });
});
afterAll(() => world[Symbol.asyncDispose]());

async function signedIn(userId: string = someone().userId): Promise<TestUser> {
  const { sessionId } = someone();
  const user = { userId, sessionId, token: tokenOf({ userId, sessionId }) };
  await signIn(world.database, user);
  return user;
}

const register = (user: TestUser, body: object): Promise<VideoReply> =>
  video.call(user, 'POST', '/v1/push/tokens', body);

async function registered(user: TestUser, body: object): Promise<PushToken> {
  const reply = await register(user, body);
  expect(reply.status, reply.text).toBe(201);
  return reply.body.data;
}

async function tokensOf(user: TestUser): Promise<PushToken[]> {
  const reply = await video.call(user, 'GET', '/v1/push/tokens');
  expect(reply.status).toBe(200);
  return PushTokens.parse(reply.body.data).tokens;
}

const idsOf = async (user: TestUser): Promise<string[]> =>
  (await tokensOf(user)).map(({ token_id }) => token_id);

describe('a push token', () => {
  it('is renewed by the same request, and expires after 60 days', async () => {
    const ada = await signedIn();
    const address = subscription();
    const first = await registered(ada, address);
    const again = await registered(ada, address);
    expect(again).toMatchObject({ token_id: first.token_id, created_at: first.created_at });
    expect(again.renewed_at > first.renewed_at).toBe(true);
    const days = (Date.parse(again.expires_at) - Date.parse(again.renewed_at)) / 86_400_000;
    expect(days).toBeCloseTo(60, 0);
    expect(await tokensOf(ada)).toEqual([again]);
    expect(again.current).toBe(true);
  });

  it('does not repeat its secrets', async () => {
    const ada = await signedIn();
    const address = subscription();
    const reply = await register(ada, address);
    const list = await video.call(ada, 'GET', '/v1/push/tokens');
    for (const secret of [address.endpoint, keys.p256dh, keys.auth]) {
      expect(reply.text + list.text).not.toContain(secret);
    }
  });

  it('replaces the one that its session had of the same kind', async () => {
    const ada = await signedIn();
    const old = await registered(ada, subscription());
    const renewed = await registered(ada, subscription());
    expect(renewed.token_id).not.toBe(old.token_id);
    expect(await idsOf(ada)).toEqual([renewed.token_id]);
  });

  it('leaves a user when somebody else signs in on the device', async () => {
    const [ada, bob] = [await signedIn(), await signedIn()];
    const device = subscription();
    await registered(ada, device);
    const { token_id } = await registered(bob, device);
    expect([await idsOf(ada), await idsOf(bob)]).toEqual([[], [token_id]]);
  });

  it('is one of at most twenty; the one that was renewed the longest ago goes', async () => {
    const ada = await signedIn();
    const first = await registered(ada, subscription());
    for (let count = 1; count < MAX_PUSH_TOKENS; count += 1) {
      await registered(await signedIn(ada.userId), subscription());
    }
    expect(await idsOf(ada)).toHaveLength(MAX_PUSH_TOKENS);
    const last = await registered(await signedIn(ada.userId), subscription());
    const left = await idsOf(ada);
    expect(left).toHaveLength(MAX_PUSH_TOKENS);
    expect(left).toContain(last.token_id);
    expect(left).not.toContain(first.token_id);
  });

  it('is removed by its user alone, once', async () => {
    const [ada, bob] = [await signedIn(), await signedIn()];
    const { token_id } = await registered(ada, subscription());
    const remove = (user: TestUser) => video.call(user, 'DELETE', `/v1/push/tokens/${token_id}`);
    expect((await remove(bob)).status).toBe(404);
    expect((await remove(ada)).body.data).toEqual({ removed: true });
    expect((await remove(ada)).status).toBe(404);
    expect(await tokensOf(ada)).toEqual([]);
  });

  it('needs a session that is on record and has not ended', async () => {
    const ended = await signedIn();
    await endSession(world.database, ended);
    for (const user of [ended, someone()]) {
      const { status, body } = await register(user, subscription());
      expect([status, body.error?.code]).toEqual([409, 'CONFLICT']);
    }
  });

  it('goes with its session, and when it has expired', async () => {
    const [ended, expired, kept] = [await signedIn(), await signedIn(), await signedIn()];
    for (const user of [ended, expired, kept]) await registered(user, subscription());
    await endSession(world.database, ended);
    await world.database.execute(
      `UPDATE video.push_tokens SET expires_at = now() - interval '1 second' WHERE user_id = $1`,
      [expired.userId],
    );
    expect(await tokensOf(expired)).toEqual([]);
    await sweepTokens(world.database);
    const left = await world.database.query<{ user_id: string }>(
      'SELECT user_id FROM video.push_tokens WHERE user_id = ANY($1::uuid[])',
      [[ended, expired, kept].map(({ userId }) => userId)],
    );
    expect(left).toEqual([{ user_id: kept.userId }]);
  });

  it('loses its notes of rung calls after a day, however many there are', async () => {
    const { token_id } = await registered(await signedIn(), subscription());
    await world.database.execute(
      `INSERT INTO video.rung_devices (call_id, token_id, rung_at)
       SELECT gen_random_uuid(), $1, now() - n * interval '10 hours' FROM generate_series(1, 2500) AS n`,
      [token_id],
    );
    await sweepRungDevices(world.database);
    const count = 'SELECT count(*)::int AS left FROM video.rung_devices WHERE token_id = $1';
    expect(await world.database.query(count, [token_id])).toEqual([{ left: 2 }]);
  });
});

describe('the registration of a push token is refused', () => {
  it.each([
    ['a kind that is not set up', { kind: 'fcm', token: 'x'.repeat(100) }, 'body.kind'],
    ['an unknown kind', { kind: 'smoke', token: 'x'.repeat(100) }, 'body.kind'],
    ['plain http', { ...subscription(), endpoint: `http://${host}/a` }, 'body.endpoint'],
    [
      'an address of a network of the operator',
      { ...subscription(), endpoint: 'https://169.254.169.254/latest/meta-data' },
      'body.endpoint',
    ],
    [
      'a host that is not allowed',
      { ...subscription(), endpoint: 'https://push.example.org/a' },
      'body.endpoint',
    ],
    [
      'a port that is not allowed',
      { ...subscription(), endpoint: `https://${host}:8443/a` },
      'body.endpoint',
    ],
    [
      'a short key',
      { ...subscription(), keys: { ...keys, p256dh: keys.p256dh.slice(1) } },
      'body.keys.p256dh',
    ],
    [
      'a key that is no point of the curve',
      { ...subscription(), keys: { ...keys, p256dh: `B${'A'.repeat(86)}` } },
      'body.keys.p256dh',
    ],
    [
      'a short secret',
      { ...subscription(), keys: { ...keys, auth: 'BTBZMqHH' } },
      'body.keys.auth',
    ],
  ])('with %s', async (_what, body, field) => {
    const ada = await signedIn();
    const reply = await register(ada, body);
    expect([reply.status, reply.body.error?.code]).toEqual([400, 'VALIDATION_ERROR']);
    expect(reply.body.error?.details).toEqual([expect.objectContaining({ field })]);
    expect(await tokensOf(ada)).toEqual([]);
  });
});

it('the public key of Web Push is the one that is set, or there is none', async () => {
  const ada = await signedIn();
  const key = await video.call(ada, 'GET', '/v1/push/vapid-key');
  expect(key.body.data).toEqual({ public_key: vapidEnvironment.VAPID_PUBLIC_KEY });
  const without = await world.start();
  const missing = await without.call(ada, 'GET', '/v1/push/vapid-key');
  expect([missing.status, missing.body.error?.code]).toEqual([404, 'NOT_FOUND']);
  const refused = await without.call(ada, 'POST', '/v1/push/tokens', subscription());
  expect(refused.body.error?.message).toBe('body.kind is of no use: push is not set up here');
});
