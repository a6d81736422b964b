import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median, medianOf, percentile } from './statistics.ts';

const latency = fc.double({ min: 0, max: 5000, noNaN: true });
const latencies = fc.array(latency, { minLength: 1, maxLength: 300 });
/** Those that the tables have. */
const perMille = fc.constantFrom(500, 990, 999);

function upTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}

describe('the median', () => {
  it('is the middle value, or the mean of the two', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([7])).toBe(7);
    expect(median([])).toBeNaN();
  });

  it('orders numbers, not their texts, and leaves the given order alone', () => {
    const values = [10, 9, 100];
    expect(median(values)).toBe(10);
    expect(values).toEqual([10, 9, 100]);
  });

  it('has as many values below it as above', () => {
    fc.assert(
      fc.property(latencies, (values) => {
        const middle = median(values);
        const below = values.filter((value) => value < middle).length;
        const above = values.filter((value) => value > middle).length;
        expect(Math.max(below, above)).toBeLessThanOrEqual(values.length / 2);
      }),
    );
  });
});

describe('a percentile', () => {
  it('is the value of the nearest rank', () => {
    const textbook = [50, 15, 40, 20, 35];
    expect([0.3, 0.4, 0.5, 1].map((share) => percentile(textbook, share))).toEqual([
      20, 20, 35, 50,
    ]);
    expect(percentile(textbook, 0)).toBe(15);
    expect(percentile([], 0.99)).toBeNaN();
  });

  it('is not lifted by less than its share of slow ones, and is by more', () => {
    const fast = upTo(990).map(() => 1);
    const slow = (count: number) => upTo(count).map(() => 5000);
    expect(percentile([...slow(10), ...fast], 0.99)).toBe(1);
    expect(percentile([...slow(11), ...fast], 0.99)).toBe(5000);
  });

  it('has the rank that whole numbers give, whatever fractions round to', () => {
    for (const share of [500, 990, 999]) {
      for (let length = 1; length <= 1500; length += 37) {
        // Of 1 to n in order each value is its rank. In thousandths nothing is rounded.
        const rank = Math.ceil((share * length) / 1000);
        expect(percentile(upTo(length), share / 1000), `${share} ‰ of ${length}`).toBe(rank);
      }
    }
    expect(percentile(upTo(1000), 0.999)).toBe(999);
    expect(percentile(upTo(1001), 0.999)).toBe(1000);
  });

  it('is the least value that its share of all does not exceed', () => {
    fc.assert(
      fc.property(latencies, perMille, (values, share) => {
        const value = percentile(values, share / 1000);
        const atMost = values.filter((one) => one <= value).length;
        const below = values.filter((one) => one < value).length;
        expect(values).toContain(value);
        expect(1000 * atMost).toBeGreaterThanOrEqual(share * values.length);
        expect(1000 * below).toBeLessThan(share * values.length);
      }),
    );
  });
});

describe('the median where NaN means never', () => {
  it('is never when half of the runs never saw it', () => {
    expect(medianOf([Number.NaN, 1, 3])).toBe(3);
    expect(medianOf([Number.NaN, 1])).toBeNaN();
    expect(medianOf([Number.NaN, Number.NaN, 1])).toBeNaN();
    expect(medianOf([])).toBeNaN();
  });

  it('is the ordinary one where every run saw it', () => {
    fc.assert(
      fc.property(latencies, (values) => {
        expect(medianOf(values)).toBe(median(values));
      }),
    );
  });

  it('does not depend on the order of the runs', () => {
    const runs = fc.array(fc.oneof(latency, fc.constant(Number.NaN)), { maxLength: 9 });
    fc.assert(
      fc.property(runs, (values) => {
        expect(medianOf([...values].reverse())).toEqual(medianOf(values));
      }),
    );
  });
});
