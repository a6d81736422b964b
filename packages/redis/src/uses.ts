import type { RedisCommands } from './client.ts';
import { oneOfEach } from './keyspace.ts';
import { redisScript } from './script.ts';

/** The lifetime of a probe's keys. */
const keptSeconds = 60;

/**
 * Every command that our scripts call, on the keys of a process. KEYS: a hash, a sorted set, a
 * text. ARGV: their lifetime in ms.
 */
export const usesScript = `
redis.call('TIME')
redis.call('HSET', KEYS[1], 'a', 1)
redis.call('HINCRBY', KEYS[1], 'a', 1)
redis.call('HGET', KEYS[1], 'a')
redis.call('HMGET', KEYS[1], 'a')
redis.call('HGETALL', KEYS[1])
redis.call('HDEL', KEYS[1], 'b')
redis.call('ZADD', KEYS[2], 1, 'a')
redis.call('ZCARD', KEYS[2])
redis.call('ZREVRANGE', KEYS[2], 0, 0)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', 0)
redis.call('GET', KEYS[3])
for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ARGV[1]) end
return 1`;

/**
 * Tries every command that we use on keys of this process: directly, in a script by its hash, in a
 * script sent whole; and on a key of each kind. If one is refused, for example by an ACL, a route
 * would fail, so Redis counts as down. A test runs every route as a Redis user with exactly these
 * permissions.
 */
export function createUses(redis: RedisCommands, processId: string): () => Promise<void> {
  const { keyspace } = redis;
  const keys = keyspace.probe(processId);
  const script = redisScript(redis, usesScript);
  let round = 0;

  const byThemselves = () => [
    redis.zadd(keys.sortedSet, 1, 'a'),
    redis.zrem(keys.sortedSet, 'b'),
    redis.hdel(keys.hash, 'b'),
    redis.expire(keys.sortedSet, keptSeconds),
    redis.exists(keys.hash),
    redis.info('server'),
  ];
  const inScripts = () => [
    script([keys.hash, keys.sortedSet, keys.text], [keptSeconds * 1000]),
    redis.eval('return #KEYS', 2, keys.hash, keys.sortedSet),
  ];
  /** With different names each time, which are in different slots of a cluster. */
  const ofEachKind = () =>
    oneOfEach(keyspace, `${processId}:${round}`).map((key) => redis.del(key));

  return async () => {
    round += 1;
    await Promise.all([...byThemselves(), ...inScripts(), ...ofEachKind()]);
  };
}
