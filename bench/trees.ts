/**
 * `npm run bench:trees -- FOLDER [--rounds 7] [--requests 2000]`: what a request costs in this tree
 * beside another checkout of this repository, which must have been set up (`npm run setup`). Both
 * stacks run at the same time; rounds alternate, and processor time is compared, not time, so that a
 * busy machine does not decide. Prints a table and writes nothing. Linux only.
 */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { describeMachine } from './support/machine.ts';
import { digits, ratio, table } from './support/markdown.ts';
import { median } from './support/statistics.ts';
import { exitOnSignals } from './support/temporary-folder.ts';
import { load, members, type Workload, workloads } from './trees/load.ts';
import { cpuMs } from './trees/process-cpu.ts';
import { startTree, type Tree } from './trees/tree.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '7' },
    requests: { type: 'string', default: '2000' },
  },
});
const [other] = positionals;
if (other === undefined) throw new Error('Name the folder of the checkout to compare with.');
const rounds = Number(values.rounds);
const requests = Number(values.requests);
/** The gateway lets a user send 100 requests a minute, so each sends fewer in all. */
const requestsPerMember = 80;

exitOnSignals();
console.log(describeMachine());
await using there = await startTree(resolve(other));
await using here = await startTree(join(import.meta.dirname, '..'));
const sides = await Promise.all(
  [there, here].map(async (tree) => {
    const count = Math.ceil((requests * (rounds + 1)) / requestsPerMember);
    return { tree, members: await members(tree, count) };
  }),
);

/** Processor time of the service for each request, in microseconds. */
async function cost(workload: Workload, side: (typeof sides)[number]): Promise<number> {
  const pid = side.tree.pidOf(workload.service);
  const before = cpuMs(pid);
  await load(workload, side.tree, side.members, { count: requests, atOnce: 16 });
  return ((cpuMs(pid) - before) / requests) * 1000;
}

const rows: string[][] = [];
for (const workload of workloads) {
  const costs = new Map<Tree, number[]>(sides.map(({ tree }) => [tree, []]));
  for (let round = 0; round <= rounds; round += 1) {
    const order = round % 2 === 0 ? sides : sides.toReversed();
    for (const side of order) {
      const microseconds = await cost(workload, side);
      // The first one warms up.
      if (round > 0) costs.get(side.tree)?.push(microseconds);
    }
    console.log(`${workload.name} ${round}/${rounds}`);
  }
  const [before = [], after = []] = sides.map(({ tree }) => costs.get(tree));
  const ratios = after.map((value, round) => value / (before[round] ?? Number.NaN));
  rows.push([
    workload.name,
    `${digits(median(before))} µs`,
    `${digits(median(after))} µs`,
    ratio(median(ratios)),
  ]);
}
console.log(table(['CPU time of a request', 'there', 'here', 'here / there'], rows));
