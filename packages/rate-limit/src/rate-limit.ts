import { randomBytes } from 'node:crypto';
import type { Reconciler, RedisCommands } from '@secureconnect/redis';
import { consumeScript } from './consume-script.ts';
import { handOverScript } from './hand-over-script.ts';
import type { RateLimiter } from './limiter.ts';
import { LiveInstances } from './live-instances.ts';
import { LocalLimiter } from './local-limiter.ts';
import { limitReconciler } from './reconciler.ts';
import { redisLimiter } from './redis-limiter.ts';
import { ServerClock } from './server-clock.ts';
import { minute, type Window } from './window.ts';

export interface RateLimitOptions {
  readonly redis: RedisCommands;
  /** The service whose instances share every limit. */
  readonly service: string;
  /** The maximum of subjects with their own counter while Redis is down. Default 100 000. */
  readonly maxKeys?: number;
  /** Default `minute`. */
  readonly window?: Window;
  /** Milliseconds between heartbeats. Default 5000. */
  readonly heartbeatMs?: number;
  /** Called after heartbeats that Redis did not answer. */
  readonly onHeartbeatError: (error: unknown) => void;
  /** The maximum time that recovery waits for the hand-over. Default 2000. */
  readonly maxHandOverMs?: number;
  /** Called when a hand-over ran out of time. */
  readonly onUnfinished?: () => void;
}

/** The port's two implementations, with their reconciler and heartbeats. */
export interface RateLimit {
  readonly redis: RateLimiter;
  readonly local: RateLimiter;
  /** Hands over the counters of an outage; must be added to the Redis connection. */
  readonly reconciler: Reconciler;
  /** The number of live instances when Redis last answered, at least 1. */
  liveInstances(): number;
  /** Starts the heartbeats. */
  start(): void;
  stop(): Promise<void>;
}

const defaultMaxKeys = 100_000;
const defaultHeartbeatMs = 5000;
const defaultMaxHandOverMs = 2000;

/** The limiter of one process: shared through Redis, local while Redis is down. */
export function createRateLimit(options: RateLimitOptions): RateLimit {
  const { redis, window = minute, maxKeys = defaultMaxKeys } = options;
  const instance = randomBytes(6).toString('base64url');
  const clock = new ServerClock();
  const instances = new LiveInstances({
    redis,
    service: options.service,
    instance,
    onError: options.onHeartbeatError,
    intervalMs: options.heartbeatMs ?? defaultHeartbeatMs,
  });
  const local = new LocalLimiter({
    window,
    now: () => clock.now(),
    liveInstances: () => instances.count(),
    maxKeys,
  });
  const consume = consumeScript(redis, window, instance);
  return {
    redis: redisLimiter({ window, clock, consume, mirror: local }),
    local,
    reconciler: limitReconciler({
      local,
      handOver: handOverScript(redis, window, instance),
      shardOf: redis.keyspace.limitShard,
      maxMs: options.maxHandOverMs ?? defaultMaxHandOverMs,
      onUnfinished: options.onUnfinished ?? (() => {}),
    }),
    liveInstances: () => instances.count(),
    start: () => instances.start(),
    stop: () => instances.stop(),
  };
}
