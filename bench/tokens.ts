/**
 * `npm run bench:tokens [-- --runs 7] [--quick]`: the CPU time that the verification of an access
 * token takes, by algorithm, beside a peer. Writes its section of docs/benchmarks.md; `--quick`
 * makes one run and writes nothing.
 */
import { join } from 'node:path';
import { readArguments } from './support/arguments.ts';
import { writeSection } from './support/document.ts';
import { describeMachine } from './support/machine.ts';
import { digits } from './support/markdown.ts';
import { resultOf } from './support/result-of.ts';
import { median } from './support/statistics.ts';
import { exitOnSignals } from './support/temporary-folder.ts';
import { type Subject, subjects, type Task, type TokenFigures } from './tokens/names.ts';
import { tokenTables } from './tokens/tables.ts';

const { count: runs, quick } = readArguments({ name: 'runs', defaultCount: 7 });
/** Ours keeps the payloads of 10,000 tokens. */
const tokens = 5000;
const machine = describeMachine();

async function run(task: Task): Promise<TokenFigures> {
  const file = join(import.meta.dirname, 'tokens/verify-process.ts');
  const figures = (await resultOf({ file, values: [JSON.stringify(task)] })) as TokenFigures;
  const { firstMicroseconds, againMicroseconds } = figures;
  const { algorithm, verifier } = task;
  const times = `${digits(firstMicroseconds)} µs first, ${digits(againMicroseconds)} µs again`;
  console.log(`${algorithm}, ${verifier}: ${times}`);
  return figures;
}

exitOnSignals();
const measured: (Subject & TokenFigures)[] = [];
for (let turn = 0; turn < runs; turn += 1) {
  // Alternating orders: the first in one run is the last in the next.
  const inTurn = turn % 2 === 0 ? subjects : [...subjects].reverse();
  for (const subject of inTurn) {
    measured.push({ ...subject, ...(await run({ ...subject, tokens })) });
  }
}

function medianOf({ algorithm, verifier }: Subject): TokenFigures {
  const some = measured.filter((one) => one.algorithm === algorithm && one.verifier === verifier);
  return {
    firstMicroseconds: median(some.map(({ firstMicroseconds }) => firstMicroseconds)),
    againMicroseconds: median(some.map(({ againMicroseconds }) => againMicroseconds)),
  };
}

const figures = subjects.map((subject) => ({ ...subject, ...medianOf(subject) }));
const tables = tokenTables({ runs, tokens, machine, figures });
console.log(`\n${tables}`);
if (!quick) writeSection('tokens', tables);
