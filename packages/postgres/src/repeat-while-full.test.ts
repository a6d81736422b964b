import { expect, it } from 'vitest';
import { repeatWhileFull } from './repeat-while-full.ts';

it.each([
  ['none are left', 5, undefined, [2, 2, 1], 0],
  ['the last statement was full', 4, undefined, [2, 2, 0], 0],
  ['it has run as often as it may', 5, 2, [2, 2], 1],
])('takes rows until %s', async (_when, rows, maxTimes, taken, left) => {
  let remaining = rows;
  const runs: number[] = [];
  const take = async (): Promise<number> => {
    const some = Math.min(2, remaining);
    remaining -= some;
    runs.push(some);
    return some;
  };
  expect(await repeatWhileFull(2, take, maxTimes)).toBe(rows - left);
  expect([runs, remaining]).toEqual([taken, left]);
});
