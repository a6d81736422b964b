import type { Consume } from './consume-script.ts';
import { describeDecision } from './decide.ts';
import type { RateLimiter } from './limiter.ts';
import type { LocalLimiter } from './local-limiter.ts';
import type { ServerClock } from './server-clock.ts';
import type { Window } from './window.ts';

export interface RedisLimiterOptions {
  readonly window: Window;
  readonly clock: ServerClock;
  readonly consume: Consume;
  /** Told of every decision, so that it can go on where Redis left off. */
  readonly mirror: LocalLimiter;
}

/** The limiter that all instances share. It rejects when Redis does; the port's fallback answers. */
export function redisLimiter(options: RedisLimiterOptions): RateLimiter {
  const { window, clock, consume, mirror } = options;
  return {
    async consume(key, limit) {
      const own = mirror.unknownToRedis(key);
      const askedAtMs = clock.asked();
      const { granted, serverMs, counts } = await consume(key, limit, own);
      clock.heard(serverMs, askedAtMs);
      mirror.acknowledged(key, own);
      mirror.note(key, counts);
      return describeDecision({
        window,
        nowMs: serverMs,
        limit,
        granted,
        counts: counts.map(({ bucket, shared, handedOver }) => ({
          bucket,
          spent: shared + handedOver,
        })),
        weight: 1,
        source: 'redis',
      });
    },
  };
}
