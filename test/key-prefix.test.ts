import { type TestRedis, testRedis } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectEveryRowNormal } from './conformance/normal.ts';
import { createWorld } from './conformance/world.ts';
import { askRedis } from './support/ask-redis.ts';
import { openSocket } from './support/open-socket.ts';
import { type Stack, signalsToken, startStack } from './support/stack.ts';

/** What is left in Redis once every route was called. */
const keptKinds = [
  'blacklist',
  'directory',
  'epoch',
  'instances',
  'limit',
  'presence',
  'session',
  'signal',
  'storm',
];

const parts = new AsyncDisposableStack();
let redis: TestRedis;
let one: Stack;
let other: Stack;

/** A stack whose Redis user may touch only keys and channels with its prefix. */
async function stackOf(name: string): Promise<Stack> {
  await ask(`ACL SETUSER ${name} on >${name} +@all ~${name}:* resetchannels &${name}:*`);
  const wayToRedis = () => `redis://${name}:${name}@127.0.0.1:${redis.port}`;
  return parts.use(await startStack({ REDIS_KEY_PREFIX: `${name}:` }, { wayToRedis }));
}

const ask = (command: string) => askRedis(redis.port, command);

/** What a list of Redis holds, as text. */
async function listed(command: string): Promise<string[]> {
  return (await ask(command)).split('\r\n').filter((line) => line !== '' && !/^[*$]\d/.test(line));
}

beforeAll(async () => {
  redis = parts.use(await testRedis());
  [one, other] = [await stackOf('one'), await stackOf('other')];
});
afterAll(() => parts.disposeAsync());

async function post(stack: Stack, path: string, body: object, token?: string) {
  const response = await fetch(`${stack.urls.gateway}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

describe('two stacks on one Redis', () => {
  it('touch no key and no channel outside their prefix, whatever the request', {
    timeout: 120_000,
  }, async () => {
    const world = createWorld(one);
    using _socket = await openSocket(`${one.urls.gateway}/v1/ws/chat`, (await world.user()).token);
    await expectEveryRowNormal(one);
    const keys = await listed('KEYS *');
    const kinds = new Set(keys.map((key) => key.split(':')[1]));
    expect([...kinds].sort()).toEqual(expect.arrayContaining(keptKinds));
    expect(keys.filter((key) => !/^(one|other):/.test(key))).toEqual([]);
    const channels = await listed('PUBSUB CHANNELS');
    expect(channels).not.toEqual([]);
    expect(channels.filter((channel) => !/^(one|other):channel:/.test(channel))).toEqual([]);
    // Whatever else they had asked for would have been denied, and stand here.
    expect(await ask('ACL LOG')).toBe('*0\r\n');
  });

  it('find only their own people, by the same names', async () => {
    const name = { email: 'both@example.com', username: 'both', display_name: 'Both' };
    const ids: string[] = [];
    for (const stack of [one, other]) {
      const { body } = await post(stack, '/v1/auth/register', { ...name, password: 'a long one' });
      ids.push(body.data.user.user_id);
      const found = await fetch(`${stack.urls.gateway}/v1/users/lookup?username=both`, {
        headers: { authorization: `Bearer ${body.data.access_token}` },
      });
      expect(JSON.parse(await found.text()).data.user_id).toBe(ids.at(-1));
    }
    expect(new Set(ids).size).toBe(2);
  });

  it('accept the same alert each, at the same time', async () => {
    const labels = { alertname: 'OfBoth', namespace: 'payments', pod: 'checkout-1' };
    const alerts = [
      { status: 'firing', labels, annotations: {}, startsAt: '2026-01-01T00:00:00Z' },
    ];
    const delivery = { version: '4', receiver: 'us', groupKey: '{}', alerts };
    const replies = await Promise.all(
      [one, other].map((stack) =>
        post(stack, '/api/v1/signals/prometheus', delivery, signalsToken),
      ),
    );
    expect(replies.map(({ status }) => status)).toEqual([201, 201]);
  });

  it('lock an address out independently', async () => {
    const { email } = await createWorld(one).user();
    const wrong = { email, password: 'not the right one' };
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 6; attempt += 1) {
      statuses.push((await post(one, '/v1/auth/login', wrong)).status);
    }
    expect(statuses.at(-1)).toBe(423);
    expect((await post(other, '/v1/auth/login', wrong)).status).toBe(401);
  });
});
