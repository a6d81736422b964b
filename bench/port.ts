/**
 * `npm run bench:port [-- --runs 7] [--quick]`: what a bound port costs while Redis is up, beside
 * circuit breakers. Writes its section of docs/benchmarks.md; `--quick` makes one run and writes
 * nothing.
 */
import { join } from 'node:path';
import { type PortFigures, type Wrapper, wrappers } from './port/names.ts';
import { portTables } from './port/tables.ts';
import { readArguments } from './support/arguments.ts';
import { writeSection } from './support/document.ts';
import { describeMachine } from './support/machine.ts';
import { digits } from './support/markdown.ts';
import { resultOf } from './support/result-of.ts';
import { median } from './support/statistics.ts';
import { exitOnSignals } from './support/temporary-folder.ts';

const { count: runs, quick } = readArguments({ name: 'runs', defaultCount: 7 });
const calls = 1_000_000;
const machine = describeMachine();
/** The young generation must hold all that a measurement leaves, or some of it is not counted. */
const nodeOptions = ['--expose-gc', '--min-semi-space-size=128', '--max-semi-space-size=128'];

async function run(wrapper: Wrapper): Promise<PortFigures> {
  const file = join(import.meta.dirname, 'port/port-process.ts');
  const child = { file, values: [JSON.stringify({ wrapper, calls })], nodeOptions };
  const figures = (await resultOf(child)) as PortFigures;
  console.log(`${wrapper}: ${digits(figures.microseconds)} µs, ${digits(figures.bytes)} bytes`);
  return figures;
}

exitOnSignals();
const measured: { wrapper: Wrapper; figures: PortFigures }[] = [];
for (let turn = 0; turn < runs; turn += 1) {
  // Alternating orders: the first in one run is the last in the next.
  const inTurn = turn % 2 === 0 ? wrappers : [...wrappers].reverse();
  for (const wrapper of inTurn) measured.push({ wrapper, figures: await run(wrapper) });
}

function medianOf(wrapper: Wrapper): PortFigures {
  const some = measured.filter((one) => one.wrapper === wrapper).map(({ figures }) => figures);
  return {
    microseconds: median(some.map(({ microseconds }) => microseconds)),
    bytes: median(some.map(({ bytes }) => bytes)),
  };
}

const figures = Object.fromEntries(
  wrappers.map((wrapper) => [wrapper, medianOf(wrapper)]),
) as Record<Wrapper, PortFigures>;
const tables = portTables({ runs, calls, machine, figures });
console.log(`\n${tables}`);
if (!quick) writeSection('port', tables);
