import { expect, it } from 'vitest';
import { startTable } from './tables.ts';

const start = (milliseconds: number) => ({ milliseconds, processorMilliseconds: milliseconds / 2 });

it('compares the medians of two trees', () => {
  const measured = new Map([
    ['before' as const, [2000, 1000, 9000].map(start)],
    ['here' as const, [500, 1000, 4000].map(start)],
  ]);
  expect(startTable({ measured, runs: 3, machine: 'a machine' }).split('\n')).toEqual([
    'Medians of 3 warm starts on a machine.',
    '',
    '| `npm start` | before | here | here ÷ before |',
    '| --- | ---: | ---: | ---: |',
    '| to the first 200 of the gateway | 2,000 ms | 1,000 ms | 0.5 × |',
    '| processor time of all processes until then | 1,000 ms | 500 ms | 0.5 × |',
  ]);
});

it('has no figures of a tree that was not there', () => {
  const measured = new Map([['here' as const, [start(500)]]]);
  const text = startTable({ measured, runs: 1, machine: 'a machine' });
  expect(text).toContain('| to the first 200 of the gateway | – | 500 ms | – |');
});
