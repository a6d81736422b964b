/**
 * `npm run bench:paging [-- --quick]`: reads a history of 100,000 messages of one conversation to its
 * end, in both stores, and compares what a page costs at its beginning and deep in it. Writes its
 * section of docs/benchmarks.md; `--quick` takes 5,000 messages, prints and writes nothing.
 */
import { parseArgs } from 'node:util';
import { fill } from './paging/fill.ts';
import { type DepthFigures, measureDepths, readWhole } from './paging/measure.ts';
import { cassandraStore, type MeasuredStore, postgresStore } from './paging/stores.ts';
import { pagingTables } from './paging/tables.ts';
import { writeSection } from './support/document.ts';
import { describeMachine } from './support/machine.ts';
import { digits } from './support/markdown.ts';
import { exitOnSignals } from './support/temporary-folder.ts';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const messages = values.quick ? 5000 : 100_000;
const days = values.quick ? 40 : 100;
const depths = values.quick ? [0, 2500, 4900] : [0, 25_000, 50_000, 75_000, 99_000];
const machine = describeMachine();

exitOnSignals();
const results: { name: string; figures: readonly DepthFigures[] }[] = [];
for (const open of [postgresStore, cassandraStore]) {
  await using opened: MeasuredStore = await open();
  const { name, store } = opened;
  const filled = await fill(opened, messages, days);
  console.log(`${name}: ${digits(messages)} messages stored in ${digits(filled.seconds)} s`);
  await opened.settle();
  const whole = await readWhole(store, filled);
  console.log(`${name}: read to the end in ${digits(whole.seconds)} s, no gap and no repeat`);
  const figures = await measureDepths(store, filled.conversationId, whole, depths);
  results.push({ name, figures });
}

const tables = pagingTables({ results, messages, days, machine });
console.log(`\n${tables}`);
if (!values.quick) writeSection('paging', tables);
