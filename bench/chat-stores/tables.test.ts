import { expect, it } from 'vitest';
import type { Measurement } from './measurement.ts';
import type { SubjectName } from './subject-names.ts';
import { storingTables } from './tables.ts';

function measurement(members: 10 | 100, stored: number, cpuMs: number): Measurement {
  const counts = { refused: 0, due: stored * (members - 1), missed: 0, doubled: 0 };
  const cpu = { serverCpuMs: cpuMs, databaseCpuMs: cpuMs / 2 };
  return { members, stored, seconds: 4, p50Ms: 2.5, ...counts, ...cpu };
}

const run = (stored: number, cpuMs: number) => [
  measurement(10, stored, cpuMs),
  measurement(100, stored / 2, cpuMs),
];

it('shows the figures, ratios within each run, and the subjects that are missing', () => {
  const runs = new Map<SubjectName, Measurement[][]>([
    ['secureconnect', [run(8000, 1600), run(4000, 800), run(400, 80)]],
    ['floor', [run(16_000, 1600), run(16_000, 1600), run(800, 80)]],
    ['prosody', [run(2000, 4000), run(2000, 4000), run(100, 200)]],
  ]);
  const text = storingTables({ runs, machine: 'a machine' });
  expect(text).toContain('Medians of 3 runs on a machine.');
  expect(text).toContain('**ejabberd, archive in SQL** was skipped: it is not installed.');
  expect(text).toContain('| SecureConnect, 10 members | 1,000 | 2.5 | 200 | 100 |');
  expect(text).toContain('| SecureConnect, 100 members | 500 | 2.5 | 400 | 200 |');
  expect(text).toContain(
    '| SecureConnect ÷ `ws` and one prepared INSERT | 0.5 × | 0.5 × | 1 × | 1 × | 2 × | 2 × |',
  );
  expect(text).toContain(
    '| SecureConnect ÷ Prosody, archive in SQL | 4 × | 4 × | 1 × | 1 × | 0.1 × | 0.1 × |',
  );
  expect(text).toContain(' 0 were missed and 0 came twice.');
});
