/**
 * `npm run bench:memberships [-- --runs 3] [--quick]`: for how long chat's event loop stands still
 * while sockets of users in many groups come, go and follow a change. Writes its section of
 * docs/benchmarks.md; `--quick` makes one run of the smallest size, prints and writes nothing.
 */
import { busyUser, crowd, type Figures } from './memberships/scenarios.ts';
import { readArguments } from './support/arguments.ts';
import { writeSection } from './support/document.ts';
import { describeMachine, describeRedis } from './support/machine.ts';
import { digits, milliseconds, table } from './support/markdown.ts';
import { migratedPostgres, ownRedis } from './support/servers.ts';
import { median } from './support/statistics.ts';
import { exitOnSignals } from './support/temporary-folder.ts';

const { count, quick } = readArguments({ name: 'runs', defaultCount: 3 });
const machine = `${describeMachine()}, ${describeRedis()}`;

const sockets = 50;
const sizes = quick ? [100] : [100, 1000, 3000];
const crowdSize = { people: quick ? 60 : 257, groups: 100 };

exitOnSignals();
const users = new Map(sizes.map((groups) => [groups, [] as Figures[]]));
const crowds: Figures[] = [];
const bytes: number[] = [];
{
  await using parts = new AsyncDisposableStack();
  const databaseUrl = await migratedPostgres(['auth', 'chat'], parts);
  const backends = { databaseUrl, redisUrl: (await ownRedis(parts)).url };
  for (let run = 0; run < count; run += 1) {
    for (const [groups, figures] of users) {
      const measured = await busyUser(backends, { groups, sockets });
      figures.push(measured.figures);
      if (groups === Math.max(...sizes)) bytes.push(measured.bytesPerConversation);
    }
    crowds.push(await crowd(backends, crowdSize));
    console.log(`${run + 1}/${count}`);
  }
}

/** A row for each step; beside each other what each of these cases, run by run, has shown. */
function tableOf(title: string, cases: ReadonlyMap<string, readonly Figures[]>): string {
  const [first = []] = [...cases.values()];
  const steps = [...(first[0]?.keys() ?? [])];
  const head = [title, ...[...cases.keys()].flatMap((name) => [`${name}stall`, 'duration'])];
  const rows = steps.map((step) => [
    step,
    ...[...cases.values()].flatMap((runs) => {
      const watched = runs.flatMap((figures) => figures.get(step) ?? []);
      return [
        milliseconds(median(watched.map(({ stalledMs }) => stalledMs))),
        // It includes the time for which the benchmark waits.
        step.includes('close') ? '' : milliseconds(median(watched.map(({ tookMs }) => tookMs))),
      ];
    }),
  ]);
  return table(head, rows);
}

const bySize = new Map(
  [...users].map(([groups, figures]) => [`${groups.toLocaleString('en')} groups: `, figures]),
);
const section = [
  `Medians of ${count} runs on ${machine}.`,
  tableOf(`a user with ${sockets} sockets`, bySize),
  `A conversation that a user's sockets follow takes ${digits(median(bytes))} bytes of memory.`,
  tableOf(
    `${crowdSize.people} people, all in the same ${crowdSize.groups} groups`,
    new Map([['', crowds]]),
  ),
].join('\n\n');
console.log(`\n${section}`);
if (!quick) writeSection('memberships', section);
// All is done and closed; see bench/degradation.ts for why it does not end by itself.
process.exit(0);
