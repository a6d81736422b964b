import { describeDecision, totalOf } from './decide.ts';
import { Generations } from './generations.ts';
import { type Decision, limitNameOf, type RateLimiter } from './limiter.ts';
import { type OwnGrants, type SharedCount, Spending } from './spending.ts';
import { bucketAt, retentionMs, type Window } from './window.ts';

export interface LocalLimiterOptions {
  readonly window: Window;
  /** Milliseconds since the epoch, by the clock of Redis. */
  readonly now: () => number;
  /** The number of processes that share every limit; a local grant counts this many times. */
  readonly liveInstances: () => number;
  /** The maximum of subjects with their own counter; further ones share a counter. */
  readonly maxKeys: number;
}

/** The counters of one key to hand over to Redis. */
export interface KeyReport {
  readonly key: string;
  readonly buckets: readonly { bucket: number; shared: number; own: number }[];
}

/**
 * The limiter of one process alone. It notes every decision of Redis, and grants while `spent
 * before + granted here x live instances < limit`, so that an outage gives nobody a new budget.
 * Constant time and bounded memory: if the table is full, new keys share one counter per limit,
 * which can only refuse too much.
 */
export class LocalLimiter implements RateLimiter {
  readonly #options: LocalLimiterOptions;
  readonly #keys: Generations<Spending>;
  readonly #overflow = new Map<string, Spending>();

  constructor(options: LocalLimiterOptions) {
    this.#options = options;
    const spanMs = retentionMs(options.window);
    this.#keys = new Generations({ spanMs, maxKeys: options.maxKeys });
  }

  /** Keys held at the moment. */
  get size(): number {
    return this.#keys.size;
  }

  async consume(key: string, limit: number): Promise<Decision> {
    const { window } = this.#options;
    const nowMs = this.#options.now();
    const current = bucketAt(window, nowMs);
    const weight = Math.max(1, this.#options.liveInstances());
    const spending = this.#spendingOf(key, nowMs) ?? this.#overflowOf(limitNameOf(key));
    spending.prune(window, current);
    const granted = totalOf(spending.counts(weight)) < limit;
    if (granted) spending.grant(current);
    const counts = spending.counts(weight);
    return describeDecision({ window, nowMs, limit, granted, counts, weight, source: 'local' });
  }

  /** Notes the counts of all instances from Redis. */
  note(key: string, counts: readonly SharedCount[]): void {
    const nowMs = this.#options.now();
    // Without room the key uses the shared counter, which needs no history.
    const spending = this.#spendingOf(key, nowMs);
    spending?.note(counts);
    spending?.prune(this.#options.window, bucketAt(this.#options.window, nowMs));
  }

  /** Local grants unknown to Redis, to hand over with the key's next request. */
  unknownToRedis(key: string): OwnGrants[] {
    const spending = this.#keys.peek(key);
    spending?.prune(this.#options.window, this.#currentBucket());
    return spending?.unknownToRedis() ?? [];
  }

  acknowledged(key: string, grants: readonly OwnGrants[]): void {
    this.#keys.peek(key)?.acknowledged(grants);
  }

  /**
   * The counters to hand over after an outage: only keys with grants unknown to Redis, or every
   * live key if Redis may have lost data.
   */
  *reports(which: 'unknown' | 'all'): Generator<KeyReport> {
    for (const [key, spending] of this.#keys.entries()) {
      spending.prune(this.#options.window, this.#currentBucket());
      if (which === 'unknown' && spending.unknownToRedis().length === 0) continue;
      const buckets = spending.witnessed();
      if (buckets.length > 0) yield { key, buckets };
    }
  }

  #currentBucket(): number {
    return bucketAt(this.#options.window, this.#options.now());
  }

  #spendingOf(key: string, nowMs: number): Spending | undefined {
    return this.#keys.use(key, nowMs, () => {
      const spending = new Spending();
      // This key may have just used the shared counter, so it inherits all of its count.
      const shared = this.#overflow.get(limitNameOf(key));
      if (shared !== undefined) spending.note(inherited(shared));
      return spending;
    });
  }

  #overflowOf(limitName: string): Spending {
    const known = this.#overflow.get(limitName);
    if (known !== undefined) return known;
    const spending = new Spending();
    this.#overflow.set(limitName, spending);
    return spending;
  }
}

function inherited(overflow: Spending): SharedCount[] {
  return overflow.counts(1).map(({ bucket, spent }) => ({ bucket, shared: spent, handedOver: 0 }));
}
