import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { beginning, decodePosition, encodePosition, toPage } from '../src/position.ts';

test('a position comes back as it was', () => {
  const position = fc.record({
    at: fc.date({ min: new Date(0), max: new Date(9_999_999_999_999), noInvalidDate: true }),
    id: fc.uuid(),
  });
  fc.assert(
    fc.property(position, (given) => {
      expect(decodePosition(encodePosition(given), 'page_state')).toEqual(given);
    }),
  );
});

test('nothing is the beginning', () => {
  expect(decodePosition(undefined, 'cursor')).toBe(beginning);
});

test('what nobody gave out is refused by name, whatever it is', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 512 }), (text) => {
      expect(() => decodePosition(text, 'page_state')).toThrow(
        'query.page_state expected the next_page_state of an earlier page',
      );
    }),
  );
});

test('a page says whether there is more, and where', () => {
  const entries = [1, 2, 3].map(() => ({ id: randomUUID(), at: new Date(0) }));
  const self = (entry: (typeof entries)[number]) => entry;
  expect(toPage(entries, 3, self)).toEqual({ entries, next: null, hasMore: false });
  const { next, hasMore, entries: page } = toPage(entries, 2, self);
  expect([page.length, hasMore]).toEqual([2, true]);
  expect(decodePosition(next ?? '', 'cursor')).toEqual(entries[1]);
  expect(toPage([], 2, self)).toEqual({ entries: [], next: null, hasMore: false });
});
