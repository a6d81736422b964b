/**
 * `npm run bench:limiter [-- --runs 5] [--quick]`: our in-process limiter beside
 * rate-limiter-flexible's. Writes its section of docs/benchmarks.md; `--quick` makes one run of the
 * small tables, prints and writes nothing.
 */
import { join } from 'node:path';
import { type LimiterFigures, type LimiterName, limiterNames, type Task } from './limiter/names.ts';
import { limiterTables } from './limiter/tables.ts';
import { readArguments } from './support/arguments.ts';
import { writeSection } from './support/document.ts';
import { describeMachine } from './support/machine.ts';
import { digits } from './support/markdown.ts';
import { resultOf } from './support/result-of.ts';
import { median } from './support/statistics.ts';
import { exitOnSignals } from './support/temporary-folder.ts';

const { count: runs, quick } = readArguments({ name: 'runs', defaultCount: 5 });
const sizes = quick ? [1000, 100_000] : [1000, 100_000, 1_000_000];
/** Many more than the default bound of ours. */
const floodKeys = quick ? 300_000 : 1_000_000;
const defaultMaxKeys = 100_000;
const machine = describeMachine();

async function run(task: Task): Promise<LimiterFigures> {
  const file = join(import.meta.dirname, 'limiter/limiter-process.ts');
  const child = { file, values: [JSON.stringify(task)], nodeOptions: ['--expose-gc'] };
  const figures = (await resultOf(child)) as LimiterFigures;
  const { operationsPerSecond, bytesPerKey } = figures;
  const { limiter, keys } = task;
  console.log(
    `${limiter}, ${digits(keys)} keys: ${digits(operationsPerSecond)}/s, ${digits(bytesPerKey)} bytes a key`,
  );
  return figures;
}

exitOnSignals();
const measured: { task: Task; figures: LimiterFigures }[] = [];
for (let turn = 0; turn < runs; turn += 1) {
  for (const keys of sizes) {
    // Alternating orders: the first in one run is the last in the next.
    const inTurn = turn % 2 === 0 ? limiterNames : [...limiterNames].reverse();
    for (const limiter of inTurn) {
      const task = { limiter, keys, maxKeys: keys + 1000 };
      measured.push({ task, figures: await run(task) });
    }
  }
  const task = { limiter: 'LocalLimiter', keys: floodKeys, maxKeys: defaultMaxKeys } as const;
  measured.push({ task, figures: await run(task) });
}

function medianOf(limiter: LimiterName, keys: number, bounded: boolean): LimiterFigures {
  const some = measured
    .filter(({ task }) => task.limiter === limiter && task.keys === keys)
    .filter(({ task }) => task.maxKeys < keys === bounded)
    .map(({ figures }) => figures);
  const of = (pick: (figures: LimiterFigures) => number): number => median(some.map(pick));
  return {
    newKeysPerSecond: of((one) => one.newKeysPerSecond),
    operationsPerSecond: of((one) => one.operationsPerSecond),
    bytesPerKey: of((one) => one.bytesPerKey),
    heapBytes: of((one) => one.heapBytes),
    spentKeyIsRefused: some.every((one) => one.spentKeyIsRefused),
  };
}

const figuresBySize = (limiter: LimiterName): Map<number, LimiterFigures> =>
  new Map(sizes.map((size) => [size, medianOf(limiter, size, false)]));
const tables = limiterTables({
  sizes,
  figures: new Map(limiterNames.map((limiter) => [limiter, figuresBySize(limiter)])),
  bounded: {
    keys: floodKeys,
    maxKeys: defaultMaxKeys,
    ...medianOf('LocalLimiter', floodKeys, true),
  },
  runs,
  machine,
});
console.log(`\n${tables}`);
if (!quick) writeSection('limiter', tables);
