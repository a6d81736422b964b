import { expect, it } from 'vitest';
import { documentedRows, scenarios } from './table.ts';

it('docs/alerts.md has a row for each scenario, in order, and no other', async () => {
  const named = (await documentedRows()).map((row) => row.split(' | ')[0]?.replace('| ', ''));
  expect(named).toEqual(scenarios);
});
