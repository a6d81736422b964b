import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PageQuery } from './page.ts';

test('a page has 20 entries by default', () => {
  expect(PageQuery.parse({})).toEqual({ limit: 20 });
  expect(PageQuery.parse({ limit: '100', cursor: '' })).toEqual({ limit: 100 });
});

test('only whole numbers from 1 to 100 are limits', () => {
  for (const limit of ['', '0', '101', '-1', '1.5', '1e1', '0x10', ' 5', ['5'], null, true, {}]) {
    expect(PageQuery.safeParse({ limit }).success).toBe(false);
  }
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), (limit) => {
      expect(PageQuery.parse({ limit: String(limit) }).limit).toBe(limit);
    }),
  );
});

test('a cursor is at most 512 characters', () => {
  expect(PageQuery.safeParse({ cursor: 'x'.repeat(512) }).success).toBe(true);
  expect(PageQuery.safeParse({ cursor: 'x'.repeat(513) }).success).toBe(false);
  expect(PageQuery.safeParse({ cursor: ['x', 'y'] }).success).toBe(false);
});
