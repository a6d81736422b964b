import { expect, it } from 'vitest';
import { tableRows } from './tables.ts';
import { bothWays } from './ways.ts';

it('every row has a sample', () => {
  expect(bothWays(tableRows()).length).toBeGreaterThanOrEqual(110);
});
