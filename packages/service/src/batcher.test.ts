import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBatchMetrics } from './batch-metrics.ts';
import { Batcher, type BatcherOptions, BatchRefusal } from './batcher.ts';
import { createMetrics } from './observability/metrics.ts';

/** The database could not serve; nothing of the batch was done. */
class Outage extends Error {}
/** The database refused what an item is. */
class Refused extends Error {}

const bounds = {
  maxItems: 4,
  maxWaiting: 100,
  maxWaitMs: 10_000,
  isOfOneItem: (error: unknown) => error instanceof Refused,
};

/** Batches whose work ends when told to. */
function held(options: Partial<BatcherOptions<string, string>> = {}) {
  const begun: { items: readonly string[]; end(error?: Error): void }[] = [];
  let onBegun = Promise.withResolvers<void>();
  const batcher = new Batcher<string, string>({
    ...bounds,
    ...options,
    async work(items) {
      const ended = Promise.withResolvers<void>();
      begun.push({
        items,
        end: (error) => (error === undefined ? ended.resolve() : ended.reject(error)),
      });
      onBegun.resolve();
      await ended.promise;
      return items.map((item) => item.toUpperCase());
    },
  });
  /** The next batch that begins, or has begun. */
  const next = async () => {
    while (begun.length === 0) {
      await onBegun.promise;
      onBegun = Promise.withResolvers();
    }
    const [batch] = begun.splice(0, 1);
    if (batch === undefined) throw new Error('no batch has begun');
    return batch;
  };
  return { batcher, next, begun };
}

const reasonsOf = async (results: readonly Promise<unknown>[]) =>
  (await Promise.allSettled(results)).map((result) =>
    result.status === 'rejected' ? result.reason : result.value,
  );

describe('a batcher', () => {
  it('begins a batch at once, and collects the next one meanwhile', async () => {
    const { batcher, next, begun } = held();
    const first = batcher.run('a');
    const alone = await next();
    expect(alone.items).toEqual(['a']);
    const crowd = ['b', 'c', 'd', 'e', 'f'].map((item) => batcher.run(item));
    expect(begun).toEqual([]);
    alone.end();
    expect(await first).toBe('A');
    const shared = await next();
    expect(shared.items).toEqual(['b', 'c', 'd', 'e']);
    shared.end();
    const last = await next();
    expect(last.items).toEqual(['f']);
    last.end();
    expect(await Promise.all(crowd)).toEqual(['B', 'C', 'D', 'E', 'F']);
  });

  it('puts the calls of one turn of the event loop into one batch', async () => {
    const { batcher, next } = held();
    const results = ['a', 'b'].map((item) => batcher.run(item));
    const { items, end } = await next();
    expect(items).toEqual(['a', 'b']);
    end();
    expect(await Promise.all(results)).toEqual(['A', 'B']);
  });

  it('has no two items of one key in a batch, and keeps their order', async () => {
    const { batcher, next } = held({ keyOf: (item) => item.charAt(0) });
    const results = ['a1', 'a2', 'b1', 'a3', 'c1', 'b2'].map((item) => batcher.run(item));
    const seen: (readonly string[])[] = [];
    for (let batch = 0; batch < 3; batch += 1) {
      const { items, end } = await next();
      seen.push(items);
      end();
    }
    expect(seen).toEqual([['a1', 'b1', 'c1'], ['a2', 'b2'], ['a3']]);
    expect(await Promise.all(results)).toEqual(['A1', 'A2', 'B1', 'A3', 'C1', 'B2']);
  });

  it('may have several batches under way, and gives their results in the order of the items', async () => {
    const { batcher, next, begun } = held({ maxUnderWay: 2 });
    const given: string[] = [];
    const run = (item: string) => batcher.run(item).then((result) => given.push(result));
    const first = run('a');
    const one = await next();
    const second = run('b');
    const two = await next();
    const third = run('c');
    await new Promise(setImmediate);
    expect(begun).toEqual([]);
    two.end();
    await new Promise(setImmediate);
    expect([given, begun]).toEqual([[], []]);
    one.end();
    await Promise.all([first, second]);
    (await next()).end();
    await third;
    expect(given).toEqual(['A', 'B', 'C']);
  });

  it('begins a further batch for what is too much for one, if there is room', async () => {
    const { batcher, next } = held({ maxUnderWay: 2 });
    const results = ['a', 'b', 'c', 'd', 'e'].map((item) => batcher.run(item));
    const [one, two] = [await next(), await next()];
    expect([one.items, two.items]).toEqual([['a', 'b', 'c', 'd'], ['e']]);
    two.end(new Outage());
    one.end();
    expect(await reasonsOf(results)).toEqual(['A', 'B', 'C', 'D', new Outage()]);
  });

  it('gives each item its own result, whatever comes when', async () => {
    const arrivals = fc.array(fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 9 }));
    await fc.assert(
      fc.asyncProperty(arrivals, fc.integer({ min: 1, max: 5 }), async (turns, maxItems) => {
        const stored: number[] = [];
        const batcher = new Batcher<number, string>({
          ...bounds,
          maxItems,
          keyOf: String,
          async work(items) {
            expect(items.length).toBeLessThanOrEqual(maxItems);
            expect(new Set(items).size).toBe(items.length);
            await new Promise(setImmediate);
            if (items.includes(6)) throw new Refused('six');
            stored.push(...items);
            return items.map(String);
          },
        });
        const results: Promise<unknown>[] = [];
        for (const items of turns) {
          results.push(...items.map((item) => batcher.run(item).catch((error) => error)));
          await new Promise(setImmediate);
        }
        const given = turns.flat();
        const expected = given.map((item) => (item === 6 ? expect.any(Refused) : String(item)));
        expect(await Promise.all(results)).toEqual(expected);
        expect(stored.toSorted()).toEqual(given.filter((item) => item !== 6).toSorted());
      }),
    );
  });
});

describe('a batch that fails', () => {
  it('because of one item does not fail the others', async () => {
    const { batcher, next } = held();
    const results = ['a', 'bad', 'c'].map((item) => batcher.run(item));
    (await next()).end(new Refused('the batch'));
    for (const item of ['a', 'bad', 'c']) {
      const { items, end } = await next();
      expect(items).toEqual([item]);
      end(item === 'bad' ? new Refused('it is bad') : undefined);
    }
    expect(await reasonsOf(results)).toEqual(['A', new Refused('it is bad'), 'C']);
  });

  it('because of the database fails all its items, and none of the next batch', async () => {
    const { batcher, next } = held();
    const results = ['a', 'b'].map((item) => batcher.run(item));
    const { end } = await next();
    const later = batcher.run('c');
    end(new Outage());
    expect(await reasonsOf(results)).toEqual([expect.any(Outage), expect.any(Outage)]);
    (await next()).end();
    expect(await later).toBe('C');
  });

  it('stops trying its items one by one when the database fails', async () => {
    const { batcher, next, begun } = held();
    const results = ['a', 'b', 'c'].map((item) => batcher.run(item));
    (await next()).end(new Refused('the batch'));
    (await next()).end();
    (await next()).end(new Outage());
    expect(await reasonsOf(results)).toEqual(['A', expect.any(Outage), expect.any(Outage)]);
    expect(begun).toEqual([]);
  });

  it('also fails if its work has too few results', async () => {
    const batcher = new Batcher<string, string>({ ...bounds, work: async () => ['one'] });
    const results = ['a', 'b'].map((item) => batcher.run(item));
    const error = new Error('a batch needs a result for each item');
    expect(await reasonsOf(results)).toEqual([error, error]);
  });
});

describe('an item is refused, and its work never begun,', () => {
  async function metricOf(metrics: ReturnType<typeof createMetrics>, line: string) {
    const text = await metrics.registry.metrics();
    return text.split('\n').find((each) => each.startsWith(line));
  }

  it('if too many wait', async () => {
    const metrics = createMetrics();
    const measures = createBatchMetrics(metrics)('tests');
    const { batcher, next, begun } = held({ maxWaiting: 2, measures });
    const first = batcher.run('a');
    const alone = await next();
    const results = ['b', 'c', 'd'].map((item) => batcher.run(item));
    await expect(results[2]).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      status: 503,
      options: { retryAfterSeconds: 1 },
    });
    alone.end();
    (await next()).end();
    expect(await reasonsOf([first, ...results])).toEqual(['A', 'B', 'C', expect.any(BatchRefusal)]);
    expect(begun).toEqual([]);
    expect(await metricOf(metrics, 'batch_refusals_total{batch="tests",reason="full"}')).toMatch(
      / 1$/,
    );
    expect(await metricOf(metrics, 'batch_items_count{batch="tests"}')).toMatch(/ 2$/);
    expect(await metricOf(metrics, 'batch_items_sum{batch="tests"}')).toMatch(/ 3$/);
  });

  it('if its batch has not begun in time, while the batch under way is not', async () => {
    const metrics = createMetrics();
    const measures = createBatchMetrics(metrics)('tests');
    const { batcher, next, begun } = held({ maxWaitMs: 20, measures });
    const first = batcher.run('a');
    const alone = await next();
    const results = ['b', 'c'].map((item) => batcher.run(item));
    expect(await reasonsOf(results)).toEqual([expect.any(BatchRefusal), expect.any(BatchRefusal)]);
    alone.end();
    expect(await first).toBe('A');
    const later = batcher.run('d');
    (await next()).end();
    expect(await later).toBe('D');
    expect(begun).toEqual([]);
    expect(await metricOf(metrics, 'batch_refusals_total{batch="tests",reason="late"}')).toMatch(
      / 2$/,
    );
  });
});
