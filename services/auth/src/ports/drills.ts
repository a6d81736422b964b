import type { RedisCommands } from '@secureconnect/redis';

/** What the beginning of a drill needs of Redis. */
export interface Drills {
  /** Resolves if Redis is up: a drill beside an outage proves nothing, and prolongs it. */
  confirmUp(): Promise<void>;
}

export function redisDrills(redis: RedisCommands): Drills {
  return {
    async confirmUp() {
      await redis.ping();
    },
  };
}
