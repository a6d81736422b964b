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
  /**
   * The number of batches whose work may be under way, 1 by default. Items get their results in the
   * order in which they came all the same: those of a batch after those of the batches before it.
   */
  readonly maxUnderWay?: number;
  /**
   * No batch has two items of one key; they keep their order, if one batch is under way at a time.
   * By default, items are independent.
   */
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

type Outcome<Result> = { readonly result: Result } | { readonly error: unknown };

/**
 * Group commit: while a batch is under way, the next one collects, so that many callers share a
 * transaction. A caller that finds room for a batch waits for nothing: its batch begins at the end of
 * this turn of the event loop.
 */
export class Batcher<Item, Result> {
  readonly #options: BatcherOptions<Item, Result>;
  #waiting: Waiting<Item, Result>[] = [];
  /** The batches that are under way, or about to begin. */
  #underWay = 0;
  /** Resolves when the results of all batches so far are given. */
  #given: Promise<void> = Promise.resolve();
  #refusing: NodeJS.Timeout | undefined;
  #isBeginning = false;

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
      this.#begin();
    });
  }

  /** Begins a batch at the end of this turn, if there is room for one. */
  #begin(): void {
    const { maxUnderWay = 1 } = this.#options;
    if (this.#isBeginning || this.#underWay >= maxUnderWay) return;
    this.#isBeginning = true;
    this.#underWay += 1;
    setImmediate(() => {
      this.#isBeginning = false;
      void this.#workOff();
    });
  }

  /** Never throws: every outcome is that of an item. */
  async #workOff(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#take();
      if (this.#waiting.length > 0) this.#begin();
      this.#options.measures?.began(batch.length);
      const earlier = this.#given;
      const given = Promise.withResolvers<void>();
      this.#given = given.promise;
      const outcomes = await this.#outcomesOf(batch.map(({ item }) => item));
      await earlier;
      giveAll(batch, outcomes);
      given.resolve();
    }
    this.#underWay -= 1;
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

  async #outcomesOf(items: readonly Item[]): Promise<Outcome<Result>[]> {
    try {
      const results = await this.#options.work(items);
      if (results.length !== items.length) throw new Error('a batch needs a result for each item');
      return results.map((result) => ({ result }));
    } catch (error) {
      if (items.length > 1 && this.#options.isOfOneItem(error)) return this.#outcomesOfEach(items);
      return items.map(() => ({ error }));
    }
  }

  /** One by one; after an error that is of no single item, the rest is not tried. */
  async #outcomesOfEach(items: readonly Item[]): Promise<Outcome<Result>[]> {
    const outcomes: Outcome<Result>[] = [];
    for (const item of items) {
      const last = outcomes.at(-1);
      const isLost =
        last !== undefined && 'error' in last && !this.#options.isOfOneItem(last.error);
      outcomes.push(...(isLost ? [last] : await this.#outcomesOf([item])));
    }
    return outcomes;
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

function giveAll<Item, Result>(
  batch: readonly Waiting<Item, Result>[],
  outcomes: readonly Outcome<Result>[],
): void {
  for (const [index, { resolve, reject }] of batch.entries()) {
    const outcome = outcomes[index];
    if (outcome !== undefined && 'result' in outcome) resolve(outcome.result);
    else reject(outcome?.error);
  }
}
