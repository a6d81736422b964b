import { expect, it } from 'vitest';
import { tableOf } from './table.ts';

it('aligns columns, counts what a reader sees, and shows no control characters', () => {
  const rows = [
    ['Zoë 👩‍👩‍👧', 'here'],
    ['a\u001b[2J', ''],
  ];
  expect(tableOf(['who', 'where'], rows)).toEqual([
    'who         where',
    'Zoë 👩‍👩‍👧       here',
    'a\\u001b[2J',
  ]);
});
