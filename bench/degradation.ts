/**
 * `npm run bench:degradation [-- --runs 5] [--quick]`: what a request meets when Redis fails, ours
 * beside its peers, on this machine in this run. Writes its section of docs/benchmarks.md; `--quick`
 * makes one run, prints and writes nothing.
 */
import { parseArgs } from 'node:util';
import { findRedis, howToGetRedis } from '@secureconnect/embedded';
import { type FaultName, faultNames } from './degradation/faults.ts';
import { type Measures, measure, type Throughput, throughputOf } from './degradation/measure.ts';
import { runFault, runThroughput } from './degradation/scenario.ts';
import { type SubjectName, subjectNames } from './degradation/subject-names.ts';
import { type Results, resultTables } from './degradation/tables.ts';
import { writeSection } from './support/document.ts';
import { describeMachine, describeRedis } from './support/machine.ts';
import { digits, since } from './support/markdown.ts';
import { exitOnSignals } from './support/temporary-folder.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    quick: { type: 'boolean', default: false },
  },
});
const runs = values.quick ? 1 : Number(values.runs);
if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs ${values.runs} is no number`);
const redisProgram = findRedis();
if (redisProgram === undefined) throw new Error(`This needs Redis: ${howToGetRedis}`);
const machine = `${describeMachine()}, ${describeRedis(redisProgram)}`;

exitOnSignals();
const measured: { name: SubjectName; fault: FaultName; measures: Measures }[] = [];
const counted: { name: SubjectName; throughput: Throughput }[] = [];

/** Forwards and backwards in turn: whoever comes first in one run comes last in the next. */
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
if (!values.quick) writeSection('degradation', tables);
// All is done and closed. Node 24.21 was seen to spin in its own clean-up of handles after this
// (uv_run under Environment::CleanupHandles), which an explicit exit leaves out.
process.exit(0);
