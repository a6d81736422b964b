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
  /** Notes every decision, so that it can continue during an outage. */
  readonly mirror: LocalLimiter;
}

/**
 * The limiter that all instances share. It rejects if Redis does; the port's fallback then answers.
 */
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
