import { describeDecision, totalOf } from './decide.ts';
import { Generations } from './generations.ts';
import { type Decision, limitNameOf, type RateLimiter } from './limiter.ts';
import { type OwnGrants, type SharedCount, Spending } from './spending.ts';
import { bucketAt, retentionMs, type Window } from './window.ts';

export interface LocalLimiterOptions {
  readonly window: Window;
  /** Milliseconds since the epoch, as Redis counts them. */
  readonly now: () => number;
  /** Processes that share every limit; each stands for this many while it decides alone. */
  readonly liveInstances: () => number;
  /** Subjects counted one by one; further ones share a counter. */
  readonly maxKeys: number;
}

/** What stands to be told to Redis about one key. */
export interface KeyReport {
  readonly key: string;
  readonly buckets: readonly { bucket: number; shared: number; own: number }[];
}

/**
 * The limiter of one process alone. It knows what was spent before (every decision of Redis is
 * noted here) and grants while `spent before + granted here x live instances < limit`, so an outage
 * gives nobody a fresh budget. Constant time and bounded memory: when the table is full it forgets
 * nobody; new keys then share one counter for each limit, which can only refuse too much.
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

  /** Notes what Redis says was spent by all instances. */
  note(key: string, counts: readonly SharedCount[]): void {
    const nowMs = this.#options.now();
    // Without room the key would meet the shared counter, which needs no history.
    const spending = this.#spendingOf(key, nowMs);
    spending?.note(counts);
    spending?.prune(this.#options.window, bucketAt(this.#options.window, nowMs));
  }

  /** Grants made here that Redis has not heard of, to be told with the key's next request. */
  unknownToRedis(key: string): OwnGrants[] {
    const spending = this.#keys.peek(key);
    spending?.prune(this.#options.window, this.#currentBucket());
    return spending?.unknownToRedis() ?? [];
  }

  acknowledged(key: string, grants: readonly OwnGrants[]): void {
    this.#keys.peek(key)?.acknowledged(grants);
  }

  /**
   * What to tell Redis after an outage, key by key: only keys with grants that it does not know,
   * or, of a Redis that may have lost data, every key that is live.
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
      // This key may have been served by the shared counter a moment ago: it inherits all of that.
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
