import { expect, it } from 'vitest';
import { firstOf } from './pages.ts';

/** A list of the numbers from 0, as the server gives it in pages. */
function numbers(count: number) {
  const queries: { limit: number; cursor?: string }[] = [];
  const read = async (query: { limit: number; cursor?: string }) => {
    queries.push(query);
    const begin = Number(query.cursor ?? 0);
    const end = Math.min(count, begin + query.limit);
    const entries = Array.from({ length: end - begin }, (_, index) => begin + index);
    return { entries, next_cursor: end < count ? String(end) : null };
  };
  return {
    queries,
    first: (limit: number, last?: number) =>
      firstOf(
        limit,
        read,
        ({ entries }) => entries,
        (entry) => entry === last,
      ),
  };
}

it('reads as many pages as are needed, and no more', async () => {
  const { first, queries } = numbers(250);
  expect(await first(120)).toHaveLength(120);
  expect(queries).toEqual([{ limit: 100 }, { limit: 20, cursor: '100' }]);
});

it('ends with the list', async () => {
  const { first } = numbers(150);
  expect(await first(500)).toHaveLength(150);
  expect(await numbers(0).first(5)).toEqual([]);
});

it('ends with the last entry that is needed', async () => {
  const { first, queries } = numbers(1000);
  expect((await first(500, 120)).at(-1)).toBe(120);
  expect(queries).toHaveLength(2);
});
