import { createHash } from 'node:crypto';
import type { RedisCommands } from './client.ts';

/**
 * A Lua script, run by its hash, or sent whole if the server does not know it (after a restart or a
 * failover). `values` become ARGV; callers parse the reply. The keys of a call must share a hash
 * tag, because a cluster refuses them otherwise.
 */
export function redisScript(redis: RedisCommands, lua: string) {
  const sha = createHash('sha1').update(lua).digest('hex');
  return async (
    keys: readonly string[],
    values: readonly (string | number)[],
  ): Promise<unknown> => {
    try {
      return await redis.evalsha(sha, keys.length, ...keys, ...values);
    } catch (error) {
      const unknown = error instanceof Error && error.message.startsWith('NOSCRIPT');
      if (!unknown) throw error;
      return await redis.eval(lua, keys.length, ...keys, ...values);
    }
  };
}
