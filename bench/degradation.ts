/**
 * `npm run bench:degradation [-- --runs 5] [--quick]`: what a request meets when Redis fails, ours
 * beside its peers, on this machine in this run. Writes its section of docs/benchmarks.md; `--quick`
 * makes one run, prints and writes nothing.
 */
import { type FaultName, faultNames } from './degradation/faults.ts';
import { type Measures, measure, type Throughput, throughputOf } from './degradation/measure.ts';
import { runFault, runThroughput } from './degradation/scenario.ts';
import { type SubjectName, subjectNames } from './degradation/subject-names.ts';
import { type Results, resultTables } from './degradation/tables.ts';
import { readArguments } from './support/arguments.ts';
import { writeSection } from './support/document.ts';
import { describeMachine, describeRedis } from './support/machine.ts';
import { digits, since } from './support/markdown.ts';
import { exitOnSignals } from './support/temporary-folder.ts';

const { count: runs, quick } = readArguments({ name: 'runs', defaultCount: 5 });
const machine = `${describeMachine()}, ${describeRedis()}`;

exitOnSignals();
const measured: { name: SubjectName; fault: FaultName; measures: Measures }[] = [];
const counted: { name: SubjectName; throughput: Throughput }[] = [];

/** Alternating orders: the first in one run is the last in the next. */
function inTurn(run: number): readonly SubjectName[] {
  return run % 2 === 0 ? subjectNames : [...subjectNames].reverse();
}

for (let run = 0; run < runs; run += 1) {
  for (const fault of faultNames) {
    for (const name of inTurn(run)) {
      const measures = measure(await runFault(name, fault));
      measured.push({ name, fault, measures });
      const [seen, recovered] = [since(measures.seenMs), since(measures.recoveredMs)];
      console.log(`${run + 1}/${runs} ${fault}, ${name}: seen ${seen}, recovered ${recovered}`);
    }
  }
  for (const name of inTurn(run)) {
    const throughput = throughputOf(await runThroughput(name));
    counted.push({ name, throughput });
    const [normal, degraded] = [digits(throughput.normal), digits(throughput.degraded)];
    console.log(`${run + 1}/${runs} ${name}: ${normal} and ${degraded} answers a second`);
  }
}

const bySubject = <T>(of: (name: SubjectName) => T): Record<SubjectName, T> =>
  Object.fromEntries(subjectNames.map((name) => [name, of(name)])) as Record<SubjectName, T>;
const byFault = <T>(of: (fault: FaultName) => T): Record<FaultName, T> =>
  Object.fromEntries(faultNames.map((fault) => [fault, of(fault)])) as Record<FaultName, T>;

const results: Results = {
  faults: bySubject((name) =>
    byFault((fault) =>
      measured.filter((one) => one.name === name && one.fault === fault).map((one) => one.measures),
    ),
  ),
  throughput: bySubject((name) =>
    counted.filter((one) => one.name === name).map((one) => one.throughput),
  ),
  runs,
  machine,
};
const tables = resultTables(results);
console.log(`\n${tables}`);
if (!quick) writeSection('degradation', tables);
// All is done and closed. Node 24.21 was seen to spin in its own clean-up of handles after this
// (uv_run under Environment::CleanupHandles), which an explicit exit leaves out.
process.exit(0);
