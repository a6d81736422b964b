import fc from 'fast-check';
import { expect, it } from 'vitest';
import { batchesOf } from './batches.ts';

it('gives every item once and in order, never more than the maximum at a time', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.integer({ min: 1, max: 9 }), (items, size) => {
      const batches = [...batchesOf(items, size)];
      expect(batches.flat()).toEqual(items);
      for (const batch of batches.slice(0, -1)) expect(batch).toHaveLength(size);
      for (const { length } of batches) expect(length).toBeGreaterThan(0);
    }),
  );
});

it('takes no more than it gives', () => {
  const taken: number[] = [];
  function* items(): Generator<number> {
    for (const item of [1, 2, 3, 4]) {
      taken.push(item);
      yield item;
    }
  }
  expect(batchesOf(items(), 2).next().value).toEqual([1, 2]);
  expect(taken).toEqual([1, 2]);
});
