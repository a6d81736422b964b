import type { BatchMeasures } from './batch-metrics.ts';
import { ApiError } from './http/api-error.ts';

export interface BatcherOptions<Item, Result> {
  /**
   * Does the work of a batch: of all its items or, if it throws, of none, as one transaction does.
   * Returns the results in the order of the items.
   */
  readonly work: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** The maximum number of items of a batch. */
  readonly maxItems: number;
  /** The maximum number of items that wait for a batch; further ones are refused. */
  readonly maxWaiting: number;
  /** An item whose batch has not begun after this time is refused. */
  readonly maxWaitMs: number;
  /** No batch has two items of one key; they keep their order. By default, items are independent. */
  readonly keyOf?: (item: Item) => string;
  /**
   * Whether one item may be the reason why a batch failed. Its items are then tried one by one, so
   * that each has an outcome of its own. After any other error, that error is the outcome of all.
   */
  readonly isOfOneItem: (error: unknown) => boolean;
  readonly measures?: BatchMeasures | undefined;
}

/** An item was refused before its batch began: nothing was done for it. */
export class BatchRefusal extends ApiError {
  constructor() {
    super('SERVICE_UNAVAILABLE', 'Too many requests are waiting; retry.', { retryAfterSeconds: 1 });
  }
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly lateAtMs: number;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit: while a batch is under way, the next one collects, so that many callers share a
 * transaction. A caller that finds no batch under way waits for nothing: its batch begins at the
 * end of this turn of the event loop.
 */
export class Batcher<Item, Result> {
  readonly #options: BatcherOptions<Item, Result>;
  #waiting: Waiting<Item, Result>[] = [];
  /** Whether a batch is under way, or about to begin. */
  #isBusy = false;
  #refusing: NodeJS.Timeout | undefined;

  constructor(options: BatcherOptions<Item, Result>) {
    this.#options = options;
  }

  /** The result of an item. Throws the error of its work, or BatchRefusal. */
  run(item: Item): Promise<Result> {
    const { maxWaiting, maxWaitMs, measures } = this.#options;
    if (this.#waiting.length >= maxWaiting) {
      measures?.refused('full');
      return Promise.reject(new BatchRefusal());
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, lateAtMs: performance.now() + maxWaitMs, resolve, reject });
      this.#refuseInTime();
      if (this.#isBusy) return;
      this.#isBusy = true;
      setImmediate(() => void this.#workOff());
    });
  }

  /** Never throws: every outcome is that of an item. */
  async #workOff(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#take();
      this.#options.measures?.began(batch.length);
      await this.#settle(batch);
    }
    this.#isBusy = false;
  }

  #take(): Waiting<Item, Result>[] {
    const { maxItems, keyOf } = this.#options;
    if (keyOf === undefined) return this.#waiting.splice(0, maxItems);
    const keys = new Set<string>();
    const batch: Waiting<Item, Result>[] = [];
    const rest: Waiting<Item, Result>[] = [];
    for (const one of this.#waiting) {
      const key = keyOf(one.item);
      (batch.length < maxItems && !keys.has(key) ? batch : rest).push(one);
      keys.add(key);
    }
    this.#waiting = rest;
    return batch;
  }

  async #settle(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      await this.#work(batch);
    } catch (error) {
      if (batch.length > 1 && this.#options.isOfOneItem(error)) await this.#settleEach(batch);
      else rejectAll(batch, error);
    }
  }

  /** One by one; after an error that is of no single item, the rest is not tried. */
  async #settleEach(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    for (const [index, one] of batch.entries()) {
      try {
        await this.#work([one]);
      } catch (error) {
        one.reject(error);
        if (this.#options.isOfOneItem(error)) continue;
        rejectAll(batch.slice(index + 1), error);
        return;
      }
    }
  }

  async #work(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    const results = await this.#options.work(batch.map(({ item }) => item));
    if (results.length !== batch.length) throw new Error('a batch needs a result for each item');
    for (const [index, { resolve }] of batch.entries()) resolve(results[index] as Result);
  }

  /** One timer for the oldest item: all wait for the same time. */
  #refuseInTime(): void {
    const [oldest] = this.#waiting;
    if (oldest === undefined || this.#refusing !== undefined) return;
    this.#refusing = setTimeout(() => {
      this.#refusing = undefined;
      const nowMs = performance.now();
      const late = this.#waiting.filter(({ lateAtMs }) => lateAtMs <= nowMs);
      this.#waiting = this.#waiting.filter(({ lateAtMs }) => lateAtMs > nowMs);
      for (const { reject } of late) {
        this.#options.measures?.refused('late');
        reject(new BatchRefusal());
      }
      this.#refuseInTime();
    }, oldest.lateAtMs - performance.now());
  }
}

function rejectAll<Item, Result>(batch: readonly Waiting<Item, Result>[], error: unknown): void {
  for (const { reject } of batch) reject(error);
}
