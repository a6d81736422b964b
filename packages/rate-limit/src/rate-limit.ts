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
  /** The instances of this service share every limit. */
  readonly service: string;
  /** Subjects that are counted one by one without Redis. Default 100 000. */
  readonly maxKeys?: number;
  /** Default `minute`. */
  readonly window?: Window;
  /** Milliseconds between heartbeats. Default 5000. */
  readonly heartbeatMs?: number;
  /** Told of heartbeats that Redis did not answer. */
  readonly onHeartbeatError: (error: unknown) => void;
  /** Recovery waits no longer for the hand-over. Default 2000. */
  readonly maxHandOverMs?: number;
  /** Told when a hand-over ran out of time. */
  readonly onUnfinished?: () => void;
}

/** A port's two implementations, and what must run beside them. */
export interface RateLimit {
  readonly redis: RateLimiter;
  readonly local: RateLimiter;
  /** Hands the counters of an outage over; to be added to the Redis connection. */
  readonly reconciler: Reconciler;
  /** Instances that were alive when Redis last answered, at least 1. */
  liveInstances(): number;
  /** Begins to beat. */
  start(): void;
  stop(): Promise<void>;
}

const defaultMaxKeys = 100_000;
const defaultHeartbeatMs = 5000;
const defaultMaxHandOverMs = 2000;

/** The limiter of one process: shared through Redis, and going on alone without it. */
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
