import { createRateLimit } from '@secureconnect/rate-limit';
import { openRedis, type RedisConfig, redisMode } from '@secureconnect/redis';
import { createLogger } from '@secureconnect/service';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { LimiterName } from './names.ts';

/** Asks for one request of a key; resolves to whether it was granted. */
export type Consume = (key: string) => Promise<boolean>;

export const limitPerMinute = 1000;

/** The limiters as their users get them, both with the same limit a minute. */
export const createLimiter: Readonly<Record<LimiterName, (maxKeys: number) => Consume>> = {
  LocalLimiter(maxKeys) {
    const { local } = createRateLimit({
      redis: neverConnected(),
      service: 'bench',
      maxKeys,
      onHeartbeatError: () => {},
    });
    return async (key) => (await local.consume(key, limitPerMinute)).granted;
  },
  RateLimiterMemory() {
    const limiter = new RateLimiterMemory({ points: limitPerMinute, duration: 60 });
    return async (key) => {
      try {
        await limiter.consume(key);
        return true;
      } catch (refusal) {
        // It rejects with its decision where the limit is reached.
        if (refusal instanceof RateLimiterRes) return false;
        throw refusal;
      }
    };
  },
};

/** The local half needs no Redis; nothing is started, so nothing connects. */
function neverConnected() {
  const config: RedisConfig = {
    address: { kind: 'single', url: 'redis://127.0.0.1:6379' },
    keyPrefix: 'bench:',
    fallbackEnabled: true,
    healthCheckIntervalSeconds: 10,
    bootWaitSeconds: 1,
  };
  const log = createLogger({ service: 'bench', level: 'silent' });
  return openRedis({ config, mode: redisMode('bench', config), log }).commands;
}
