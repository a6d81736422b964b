/**
 * `npm run bench:start [-- --before FOLDER] [--runs 5] [--quick]`: the time of a warm `npm start` to
 * the gateway's first 200, of this tree and of another checkout of this repository, which must have
 * been set up (`npm run setup`). With `--before` it writes its section of docs/benchmarks.md;
 * `--quick` makes one run and writes nothing. Linux only.
 */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Startable, type Started } from './start/startable.ts';
import { startTable } from './start/tables.ts';
import { writeSection } from './support/document.ts';
import { describeMachine } from './support/machine.ts';
import { exitOnSignals } from './support/temporary-folder.ts';

const { values } = parseArgs({
  options: {
    before: { type: 'string' },
    runs: { type: 'string', default: '5' },
    quick: { type: 'boolean', default: false },
  },
});
const runs = values.quick ? 1 : Number(values.runs);
if (!Number.isInteger(runs) || runs < 1) throw new Error('--runs must be a whole number from 1');
const machine = describeMachine();

exitOnSignals();
const measured = new Map<'before' | 'here', Started[]>();
{
  using resources = new DisposableStack();
  const here = resources.use(new Startable('here', join(import.meta.dirname, '..')));
  const before =
    values.before === undefined
      ? []
      : [resources.use(new Startable('before', resolve(values.before)))];
  const trees = [...before, here];
  for (let run = 0; run <= runs; run += 1) {
    // Alternating orders: the first in one run is the last in the next.
    for (const tree of run % 2 === 0 ? trees : trees.toReversed()) {
      const started = await tree.start();
      const { milliseconds, processorMilliseconds } = started;
      console.log(
        `${run}/${runs} ${tree.name}: ${Math.round(milliseconds)} ms, ${processorMilliseconds} ms of the processors`,
      );
      // The first start creates the database, and warms up.
      if (run > 0) measured.set(tree.name, [...(measured.get(tree.name) ?? []), started]);
    }
  }
}

const table = startTable({ measured, runs, machine });
console.log(`\n${table}`);
if (values.before !== undefined && !values.quick) writeSection('start', table);
