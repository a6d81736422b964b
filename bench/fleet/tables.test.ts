import { expect, it } from 'vitest';
import type { FleetRun } from './run.ts';
import { fleetTables } from './tables.ts';

function run(p50: number, missed: number): FleetRun {
  const spoken = { messages: 500, refused: 0, due: 4500, missed, doubled: 1, p50, p99: 90 };
  const inState = { ...spoken, cpuMs: 900 };
  return {
    sockets: 10_000,
    openMs: 20_000,
    openCpuMs: 30_000,
    residentBytes: 150 * 2 ** 20,
    idleCpuMsPerSecond: 12,
    spoken: {
      normal: inState,
      'Redis killed': inState,
      'Redis back': inState,
      'one instance killed': inState,
    },
    reopened: { sockets: 2500, durationMs: 4000 },
  };
}

it('shows medians, and the sums of what was lost or came twice', () => {
  const text = fleetTables({ runs: [run(8, 0), run(20, 2), run(9, 0)], machine: 'a machine' });
  expect(text).toContain('| opened in a second | 500 |');
  expect(text).toContain('| processor time to open one | 3 ms |');
  expect(text).toContain('| until they are open elsewhere | 4,000 ms |');
  expect(text).toContain('| Redis killed | 1,500 | 9 ms | 90 ms | 200 | 0 | 2 | 3 |');
});
