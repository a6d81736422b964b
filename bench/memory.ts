/**
 * `npm run bench:memory [-- --runs 3] [--quick]`: the memory of idle sockets of chat, beside bare ws
 * and socket.io. Writes its section of docs/benchmarks.md; `--quick` makes one short run, prints and
 * writes nothing.
 */
import { startBackends } from './memory/backends.ts';
import { type Footprint, measureMemory } from './memory/measure.ts';
import { type SubjectName, subjectNames } from './memory/subject-names.ts';
import { memoryTables } from './memory/tables.ts';
import { readArguments } from './support/arguments.ts';
import { writeSection } from './support/document.ts';
import { describeMachine, describeRedis } from './support/machine.ts';
import { exitOnSignals } from './support/temporary-folder.ts';

const { count: runs, quick } = readArguments({ name: 'runs', defaultCount: 3 });
const counts = quick ? [1000, 3000] : [1000, 3000, 5000, 10_000];
const machine = `${describeMachine()}, ${describeRedis()}`;

exitOnSignals();
const measured = new Map<SubjectName, Footprint[][]>();
{
  await using backends = await startBackends(counts.at(-1) ?? 0);
  for (let run = 0; run < runs; run += 1) {
    // Alternating orders: the first in one run is the last in the next.
    for (const name of run % 2 === 0 ? subjectNames : subjectNames.toReversed()) {
      const footprints = await measureMemory(name, backends, counts);
      measured.set(name, [...(measured.get(name) ?? []), footprints]);
      const told = footprints.map(
        ({ sockets, residentBytes, heapBytes }) =>
          `${sockets}: ${(residentBytes / 2 ** 20).toFixed(1)} MiB, heap ${(heapBytes / 2 ** 20).toFixed(1)} MiB`,
      );
      console.log(`${run + 1}/${runs} ${name}: ${told.join('; ')}`);
    }
  }
}

const tables = memoryTables({ measured, runs, machine });
console.log(`\n${tables}`);
if (!quick) writeSection('memory', tables);
