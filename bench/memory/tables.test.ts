import { expect, it } from 'vitest';
import type { Footprint } from './measure.ts';
import type { SubjectName } from './subject-names.ts';
import { memoryTables } from './tables.ts';

/** A run with 1,000 and 3,000 sockets of so many KiB each, beside 50 MiB. */
const run = (kibibytes: number): readonly Footprint[] =>
  [1000, 3000].map((sockets) => ({
    sockets,
    residentBytes: 50 * 2 ** 20 + sockets * kibibytes * 1024,
    heapBytes: 10 * 2 ** 20 + (sockets * kibibytes * 1024) / 2,
  }));

it('says what each further socket costs, by the median of the runs', () => {
  const measured = new Map<SubjectName, readonly (readonly Footprint[])[]>([
    ['ws', [run(5), run(5), run(8)]],
    ['socket.io', [run(24), run(20), run(30)]],
    ['secureconnect', [run(10), run(12), run(11)]],
  ]);
  const [first, , head, , ...rows] = memoryTables({
    measured,
    runs: 3,
    machine: 'a machine',
  }).split('\n');
  expect(first).toBe('Medians of 3 runs on a machine.');
  expect(head).toBe(
    '| memory, KiB for each socket | 1,000 to 3,000 | heap, 1,000 to 3,000 | whole process with 1,000, MiB |',
  );
  expect(rows).toEqual([
    '| bare ws | 5 | 2.5 | 54.9 |',
    '| socket.io | 24 | 12 | 73.4 |',
    '| SecureConnect chat | 11 | 5.5 | 60.7 |',
  ]);
});
