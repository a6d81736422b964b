import { createHash } from 'node:crypto';
import type { RedisCommands } from './client.ts';

/**
 * A Lua script, run by its hash and sent whole when the server does not know it (a restart, a
 * failover). `values` become ARGV; what comes back is the script's own affair. The keys of
 * one call share a hash tag, because a cluster refuses them otherwise.
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
