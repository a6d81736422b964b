import { createPublicKey, diffieHellman, generateKeyPairSync, randomUUID } from 'node:crypto';
import { DeviceKeyStatus, KeyBundles, type OneTimePreKey } from '@secureconnect/contracts';
import { type Database, openDatabase } from '@secureconnect/postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimLowStock } from '../src/stores/device-keys.ts';
import { removeExpired } from '../src/stores/housekeeping.ts';
import { registerSomeone, startAuth, type TestAuth } from './harness.ts';
import { newDeviceKeys, newOneTimeKeys } from './keys-fixture.ts';

let auth: TestAuth;
let database: Database;
beforeAll(async () => {
  auth = await startAuth();
  database = openDatabase({ url: auth.databaseUrl });
});
afterAll(async () => {
  await database.close();
  await auth[Symbol.asyncDispose]();
});

const newUser = () => registerSomeone(auth);

type Person = Awaited<ReturnType<typeof newUser>>;

const put = (token: string, body: unknown) => auth.call('PUT', '/v1/keys/device', { token, body });
const add = (token: string, keys: readonly OneTimePreKey[]) =>
  auth.call('POST', '/v1/keys/one-time', { token, body: { keys } });
const status = async (token: string): Promise<DeviceKeyStatus> =>
  DeviceKeyStatus.parse((await auth.call('GET', '/v1/keys/device', { token })).body.data);
const take = ({ token }: Person, userId: string) =>
  auth.call('POST', `/v1/keys/users/${userId}/bundles`, { token });
const devicesOf = async (fetcher: Person, userId: string) =>
  KeyBundles.parse((await take(fetcher, userId)).body.data).devices;

async function withKeys(oneTimeKeys: number): Promise<Person> {
  const user = await newUser();
  expect((await put(user.token, newDeviceKeys())).status).toBe(200);
  if (oneTimeKeys > 0) await add(user.token, newOneTimeKeys(oneTimeKeys));
  return user;
}

describe('the keys of a device', () => {
  it('are stored, and the signed pre-key is exchanged, but not the identity', async () => {
    const { token, sessionId: deviceId } = await newUser();
    expect((await auth.call('GET', '/v1/keys/device', { token })).status).toBe(404);
    expect((await add(token, newOneTimeKeys(1))).status).toBe(404);
    const keys = newDeviceKeys();
    for (const _ of [1, 2]) expect((await put(token, keys)).status).toBe(200);
    expect(await status(token)).toMatchObject({
      ...{ device_id: deviceId, signed_pre_key_id: 1, one_time_keys: 0, is_low: true },
    });
    const other = await put(token, newDeviceKeys(2));
    expect([other.status, other.body.error?.code]).toEqual([409, 'CONFLICT']);
  });

  it('must be of the right size and form, and signed by the signing key', async () => {
    const { token } = await newUser();
    const [keys, others] = [newDeviceKeys(), newDeviceKeys()];
    const signed = keys.signed_pre_key;
    const zero = Buffer.alloc(32).toString('base64');
    const wrong: Record<string, unknown> = {
      'body.identity_key': { ...keys, identity_key: 'AAAA' },
      'body.signing_key': { ...keys, signing_key: `${keys.signing_key.slice(0, -2)}B=` },
      'body.identity_signature': { ...keys, identity_signature: others.identity_signature },
      'body.signed_pre_key.public_key': {
        ...keys,
        signed_pre_key: { ...signed, public_key: zero },
      },
      'body.signed_pre_key.signature': {
        ...keys,
        signed_pre_key: { ...signed, signature: others.signed_pre_key.signature },
      },
      'body.signed_pre_key.key_id': { ...keys, signed_pre_key: { ...signed, key_id: 0 } },
    };
    for (const [field, body] of Object.entries(wrong)) {
      const reply = await put(token, body);
      expect([field, reply.status, reply.body.error?.details?.[0]?.field]).toEqual([
        field,
        400,
        field,
      ]);
    }
  });

  it('are not points of low order: exactly those that yield no shared secret', async () => {
    const { token } = await newUser();
    const own = generateKeyPairSync('x25519').privateKey;
    const points = [
      '00'.repeat(32),
      `01${'00'.repeat(31)}`,
      'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
      '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
      `ec${'ff'.repeat(30)}7f`,
      `ed${'ff'.repeat(30)}7f`,
      `ee${'ff'.repeat(30)}ff`,
    ];
    for (const point of points) {
      const bytes = Buffer.from(point, 'hex');
      const key = { kty: 'OKP', crv: 'X25519', x: bytes.toString('base64url') };
      const publicKey = createPublicKey({ format: 'jwk', key });
      expect(() => diffieHellman({ privateKey: own, publicKey })).toThrow();
      const identity_key = bytes.toString('base64');
      const reply = await put(token, { ...newDeviceKeys(), identity_key });
      expect(reply.body.error?.details?.[0]?.field).toBe('body.identity_key');
    }
  });

  it('end with the device', async () => {
    const [ada, bob] = [await withKeys(2), await newUser()];
    expect(await devicesOf(bob, ada.userId)).toHaveLength(1);
    await auth.call('POST', '/v1/auth/logout', { token: ada.token });
    expect(await devicesOf(bob, ada.userId)).toEqual([]);
    await removeExpired(database);
    for (const table of ['device_keys', 'one_time_pre_keys']) {
      const statement = `SELECT 1 FROM auth.${table} WHERE session_id = $1`;
      expect(await database.query(statement, [ada.sessionId])).toEqual([]);
    }
  });
});

describe('one-time pre-keys', () => {
  it('are added once, also if an upload is repeated after some were given out', async () => {
    const [ada, bob] = [await withKeys(0), await newUser()];
    const keys = newOneTimeKeys(30);
    for (const _ of [1, 2]) expect((await add(ada.token, keys)).status).toBe(200);
    expect(await status(ada.token)).toMatchObject({
      ...{ one_time_keys: 30, is_low: false, last_one_time_key_id: 30 },
    });
    const [first] = await devicesOf(bob, ada.userId);
    expect(first?.one_time_pre_key).toEqual(keys[0]);
    await add(ada.token, keys);
    const [second] = await devicesOf(bob, ada.userId);
    expect(second?.one_time_pre_key).toEqual(keys[1]);
    expect((await status(ada.token)).one_time_keys).toBe(28);
  });

  it('are at most a hundred per upload and two hundred in stock, with ascending ids', async () => {
    const { token } = await withKeys(0);
    expect((await add(token, newOneTimeKeys(101))).status).toBe(400);
    expect((await add(token, newOneTimeKeys(2).toReversed())).status).toBe(400);
    for (const firstId of [1, 101]) await add(token, newOneTimeKeys(100, firstId));
    expect((await add(token, newOneTimeKeys(1, 201))).status).toBe(409);
    expect((await status(token)).one_time_keys).toBe(200);
  });

  it('run out: the bundle then has the signed pre-key alone', async () => {
    const [ada, bob] = [await withKeys(1), await newUser()];
    const [first, second] = [await devicesOf(bob, ada.userId), await devicesOf(bob, ada.userId)];
    expect(first[0]?.one_time_pre_key).not.toBeNull();
    expect(second[0]).toEqual({ ...first[0], one_time_pre_key: null });
    expect(await status(ada.token)).toMatchObject({ one_time_keys: 0, is_low: true });
  });

  it('are drained by nobody: ten fetches an hour, and none by a blocked user', async () => {
    const [ada, bob, eve] = [await withKeys(50), await newUser(), await newUser()];
    const replies = [];
    for (let count = 0; count < 11; count += 1) replies.push(await take(bob, ada.userId));
    expect(replies.map((reply) => reply.status)).toEqual([...Array(10).fill(200), 429]);
    expect(Number(replies.at(-1)?.headers.get('retry-after'))).toBeGreaterThan(3500);
    expect((await status(ada.token)).one_time_keys).toBe(40);
    await auth.call('POST', '/v1/users/blocks', {
      ...{ token: ada.token, body: { user_id: eve.userId } },
    });
    expect((await devicesOf(eve, ada.userId))[0]?.one_time_pre_key).toBeNull();
    expect((await status(ada.token)).one_time_keys).toBe(40);
  });

  it('that run low are to be told by one caller, and again after ten minutes or an upload', async () => {
    const [low, high] = [await withKeys(19), await withKeys(20)];
    const devices = [low.sessionId, high.sessionId];
    const claim = () => claimLowStock(database, devices);
    const first = await Promise.all([claim(), claim(), claim(), claim()]);
    expect(first.flat()).toEqual([{ deviceId: low.sessionId, oneTimeKeys: 19 }]);
    expect(await claim()).toEqual([]);
    await database.execute(
      `UPDATE auth.device_keys SET low_told_at = low_told_at - interval '10 minutes'
       WHERE session_id = $1`,
      [low.sessionId],
    );
    expect(await claim()).toHaveLength(1);
    expect(await claim()).toEqual([]);
    await add(low.token, newOneTimeKeys(1, 20));
    await devicesOf(high, low.userId);
    expect(await claim()).toEqual([]);
    expect(await status(low.token)).toMatchObject({ one_time_keys: 19, is_low: true });
    await add(low.token, newOneTimeKeys(1, 20));
    expect(await claim()).toEqual([]);
  });

  it('of an unknown user are not found, and of a user without devices are none', async () => {
    const [ada, bob] = [await newUser(), await newUser()];
    expect((await take(bob, randomUUID())).status).toBe(404);
    expect(await devicesOf(bob, ada.userId)).toEqual([]);
  });
});
