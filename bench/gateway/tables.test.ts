import { expect, it } from 'vitest';
import type { Measurement } from './names.ts';
import { gatewayTables } from './tables.ts';

const results = { machine: 'a machine', runs: 3, requests: 4000 };
const of = (subject: Measurement['subject'], cpuMicroseconds: number): Measurement[] =>
  (['GET', 'POST of 1 kB', 'upgrade of a socket'] as const).map((work) => ({
    ...{ subject, work, cpuMicroseconds },
    requestsPerSecond: 1_000_000 / cpuMicroseconds,
    memoryBytes: 200 * 2 ** 20,
  }));

it('has ours beside each peer that was measured, with the ratios', () => {
  const measurements = [...of('secureconnect', 100), ...of('express', 200)];
  const [, , table = ''] = gatewayTables({ ...results, measurements }).split('\n\n');
  expect(table.split('\n').slice(2)).toEqual([
    '| SecureConnect | 100 µs |  | 10,000 |  | 200 MiB |',
    '| Express stack | 200 µs | 0.5 × | 5,000 | 2 × | 200 MiB |',
  ]);
});

it('without ours there is no table', () => {
  const measurements = of('express', 200);
  expect(() => gatewayTables({ ...results, measurements })).toThrow('no figures of SecureConnect');
});
