import { expect, it } from 'vitest';
import { Bulkhead } from './bulkhead.ts';

it('is full at its bound, and has room again when a call leaves', () => {
  const bulkhead = new Bulkhead(2);
  bulkhead.enter();
  expect([bulkhead.underWay, bulkhead.isFull]).toEqual([1, false]);
  bulkhead.enter();
  expect([bulkhead.underWay, bulkhead.isFull]).toEqual([2, true]);
  bulkhead.leave();
  expect([bulkhead.underWay, bulkhead.isFull]).toEqual([1, false]);
});

it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses the bound %d', (maxCalls) => {
  expect(() => new Bulkhead(maxCalls)).toThrow(RangeError);
});
