import { expect, it } from 'vitest';
import { rowName, tableRows } from './tables.ts';
import { bothWays, eachOneWay } from './ways.ts';

it.each([0, 1])('one way of each sample meets every HTTP row, in turn %i', (turn) => {
  const rows = tableRows();
  const sent = eachOneWay(bothWays(rows), turn);
  const met = new Set(sent.flatMap(({ served, passed }) => [served, passed]));
  const missed = rows.filter((row) => row.kind === 'http' && !met.has(row)).map(rowName);
  expect(missed).toEqual([]);
});
