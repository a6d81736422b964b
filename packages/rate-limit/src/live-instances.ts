import { type RedisCommands, redisScript } from '@secureconnect/redis';

/**
 * KEYS: a sorted set of instances by their last heartbeat. ARGV: this instance, the lifetime of a
 * heartbeat in ms. Returns the number of live instances.
 */
const lua = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return redis.call('ZCARD', KEYS[1])
`;

export interface LiveInstancesOptions {
  readonly redis: RedisCommands;
  /** The service whose instances are counted. */
  readonly service: string;
  readonly instance: string;
  /** The interval of heartbeats. */
  readonly intervalMs: number;
  /** Called when Redis did not answer; the last known number stays. */
  readonly onError: (error: unknown) => void;
}

const beatsThatCount = 3;

/**
 * Counts the instances of a service by their heartbeats; an instance counts for three intervals.
 */
export class LiveInstances {
  readonly #options: LiveInstancesOptions;
  readonly #key: string;
  readonly #run: ReturnType<typeof redisScript>;
  #timer: NodeJS.Timeout | undefined;
  /** The results of the last heartbeats. */
  #seen: number[] = [];

  constructor(options: LiveInstancesOptions) {
    this.#options = options;
    this.#key = options.redis.keyspace.instances(options.service);
    this.#run = redisScript(options.redis, lua);
  }

  /**
   * The last known number, at least 1. It is the maximum of the last heartbeats, because after a
   * restart of Redis the other instances are missing until their next one.
   */
  count(): number {
    return Math.max(1, ...this.#seen);
  }

  /** Sends a heartbeat and counts the instances. Rejects if Redis does not answer. */
  async beat(): Promise<void> {
    const { instance, intervalMs } = this.#options;
    const alive = await this.#run([this.#key], [instance, intervalMs * beatsThatCount]);
    this.#seen = [...this.#seen, Number(alive)].slice(-beatsThatCount);
  }

  start(): void {
    const beat = (): void => void this.beat().catch(this.#options.onError);
    beat();
    this.#timer = setInterval(beat, this.#options.intervalMs);
    this.#timer.unref();
  }

  /** Stops the heartbeats and signs off, so that the shares of the others grow at once. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    try {
      await this.#options.redis.zrem(this.#key, this.#options.instance);
    } catch (error) {
      this.#options.onError(error);
    }
  }
}
