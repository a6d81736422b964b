import { inspect } from 'node:util';
import { eventually, type TestRedis, testRedis } from '@secureconnect/testkit';
import type { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ClusterNode,
  clusterNode,
  meet,
  untilClusterServes,
} from '../../test/redis/cluster-node.ts';
import { connectedClient, errorOf } from '../../test/redis/one-client.ts';
import { classify } from './classify.ts';

let server: TestRedis;
let redis: Redis;

beforeEach(async () => {
  server = await testRedis();
  redis = await connectedClient(server.url);
});
afterEach(async () => {
  redis.disconnect();
  await server.close();
});

const set = () => redis.set('key', 'value');

async function failureOf(command: Promise<unknown>): Promise<unknown> {
  return classify(await errorOf(command));
}

const hard = (reason: string) => ({ severity: 'hard', reason });

describe('a denial:', () => {
  const [key, other] = ['mine:key', 'other'];
  const script = (lua: string) => redis.eval(lua, 1, key);

  beforeEach(async () => {
    await redis.acl('SETUSER', 'default', 'resetkeys', '~mine:*', 'resetchannels', '&mine:*');
    await redis.acl('SETUSER', 'default', '-hset');
  });

  it.each<[string, string, () => Promise<unknown>]>([
    ['a command', 'NOPERM hset', () => redis.hset(key, 'field', 1)],
    ['a key', 'NOPERM get', () => redis.get(other)],
    ['a channel', 'NOPERM publish', () => redis.publish(other, 'text')],
    ['a command in a script', 'NOPERM eval', () => script("redis.call('HSET', KEYS[1], 1, 1)")],
    ['a key in a script', 'NOPERM eval', () => script(`return redis.call('GET', '${other}')`)],
  ])('of %s is %s', async (_what, reason, command) => {
    expect(await failureOf(command())).toEqual(hard(reason));
  });
});

describe('a cluster that this client does not know:', () => {
  let node: ClusterNode;

  beforeEach(async () => {
    node = await clusterNode();
    redis.disconnect();
    redis = await connectedClient(node.url);
    await redis.cluster('ADDSLOTSRANGE', 0, 16_383);
    await untilClusterServes(redis);
  });
  afterEach(() => node.close());

  it('CROSSSLOT, keys in different slots', async () => {
    expect(await failureOf(redis.mget('a', 'b'))).toEqual(hard('CROSSSLOT mget'));
    expect(await failureOf(redis.eval('return 1', 2, 'a', 'b'))).toEqual(hard('CROSSSLOT eval'));
  });

  it('ASK, a slot that is moving', async () => {
    await using elsewhere = await clusterNode();
    const id = await meet(redis, elsewhere);
    await redis.cluster('SETSLOT', await redis.cluster('KEYSLOT', '{a}'), 'MIGRATING', id);
    expect(await failureOf(redis.get('{a}'))).toEqual(hard('ASK get'));
  });

  it('MOVED, a slot that is elsewhere', async () => {
    await using elsewhere = await clusterNode();
    const id = await meet(redis, elsewhere);
    await redis.cluster('SETSLOT', await redis.cluster('KEYSLOT', 'key'), 'NODE', id);
    // Until the two have told one another, the slot may be nobody's.
    await eventually(async () => expect(await failureOf(set())).toEqual(hard('MOVED set')));
  });
});

describe('a mistake of ours:', () => {
  const bug = (reason: string) => ({ severity: 'bug', reason });

  it.each<[string, string, () => Promise<unknown>]>([
    ['a wrong type', 'WRONGTYPE lpush', () => redis.lpush('text', 'a')],
    ['a value that is no number', 'ERR incr', () => redis.incr('text')],
    ['a script with a mistake', 'ERR eval', () => redis.eval('return nothing.there', 0)],
    ['a script that throws', 'ERR eval', () => redis.eval("error('mine')", 0)],
    ['a script that does not compile', 'ERR eval', () => redis.eval('this is no Lua', 0)],
    ['a wrong type in a script', 'WRONGTYPE eval', () => scriptOn('LPUSH', 'a')],
    ['no number in a script', 'ERR eval', () => scriptOn('INCRBY', '1')],
    ['a missing argument in a script', 'ERR eval', () => redis.eval("redis.call('GET')", 0)],
    ['a script that is not known', 'NOSCRIPT evalsha', () => redis.evalsha('0'.repeat(40), 0)],
    ['a missing argument', 'ERR GET', () => redis.call('GET')],
    ['a wrong option', 'ERR SET', () => redis.call('SET', 'a', 'b', 'c')],
  ])('%s', async (_what, reason, command) => {
    await redis.set('text', 'abc');
    expect(await failureOf(command())).toEqual(bug(reason));
  });

  const scriptOn = (name: string, value: string) =>
    redis.eval(`return redis.call('${name}', KEYS[1], ARGV[1])`, 1, 'text', value);
});

describe('unless known to be ours, an error is a fault of Redis:', () => {
  it.each<[string, string, () => Promise<unknown>]>([
    ['an unknown command', 'ERR NOSUCH', () => redis.call('NOSUCH')],
    ['a code that nobody has seen', 'XYZZY eval', () => answer('XYZZY no such thing')],
    ['an error without a code', 'ERR eval', () => answer('something else')],
  ])('%s', async (_what, reason, command) => {
    expect(await failureOf(command())).toEqual(hard(reason));
  });

  const answer = (text: string) => redis.eval(`return redis.error_reply('${text}')`, 0);
});

it('the arguments of a command are in no error and no reason', async () => {
  const error = await errorOf(redis.call('SET', 'a-secret', 'a-secret', 'a-secret'));
  expect(inspect(error, { depth: 9 })).not.toContain('a-secret');
  expect(JSON.stringify(classify(error))).not.toContain('a-secret');
});
