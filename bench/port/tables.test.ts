import { expect, it } from 'vitest';
import { portTables } from './tables.ts';

it('the table has what each wrapper costs beyond the bare call', () => {
  const figures = {
    'bare call': { microseconds: 0.1, bytes: 100 },
    'degraded-mode': { microseconds: 0.6, bytes: 250 },
    'degraded-mode, without its limit': { microseconds: 0.3, bytes: 200 },
    'a promise with a limit, by hand': { microseconds: 0.5, bytes: 240 },
    'a handler of errors, by hand': { microseconds: 0.2, bytes: 150 },
    opossum: { microseconds: 3.1, bytes: 1600 },
    cockatiel: { microseconds: 2.1, bytes: 1100 },
  };
  expect(portTables({ runs: 7, calls: 1000, machine: 'a machine', figures })).toBe(
    [
      'Medians of 7 runs of 1,000 calls on a machine.',
      '',
      '|  | CPU of a call, µs | beyond the bare call, µs | bytes | beyond, bytes |',
      '| --- | ---: | ---: | ---: | ---: |',
      '| bare call | 0.1 |  | 100 |  |',
      '| degraded-mode | 0.6 | 0.5 | 250 | 150 |',
      '| degraded-mode, without its limit | 0.3 | 0.2 | 200 | 100 |',
      '| a promise with a limit, by hand | 0.5 | 0.4 | 240 | 140 |',
      '| a handler of errors, by hand | 0.2 | 0.1 | 150 | 50 |',
      '| opossum | 3.1 | 3 | 1,600 | 1,500 |',
      '| cockatiel | 2.1 | 2 | 1,100 | 1,000 |',
    ].join('\n'),
  );
});
