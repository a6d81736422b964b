/**
 * `npm run bench:memberships [-- --quick]`: for how long chat's event loop stands still while sockets
 * of a user in many groups come, go and follow a change. Writes its section of docs/benchmarks.md;
 * `--quick` measures the smallest size, prints and writes nothing.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  findRedis,
  howToGetRedis,
  startPostgres,
  startRedis,
} from '../packages/embedded/src/index.ts';
import { migrate } from '../packages/postgres/src/index.ts';
import { type Figures, measure, type Size, steps } from './memberships/scenario.ts';
import { writeSection } from './support/document.ts';
import { describeMachine, describeRedis } from './support/machine.ts';
import { digits, milliseconds, table } from './support/markdown.ts';
import { exitOnSignals, TemporaryFolder } from './support/temporary-folder.ts';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const sockets = 50;
const sizes: readonly Size[] = (values.quick ? [100] : [100, 1000, 3000]).map((groups) => ({
  groups,
  sockets,
}));
const redisProgram = findRedis();
if (redisProgram === undefined) throw new Error(`This needs Redis: ${howToGetRedis}`);
const machine = `${describeMachine()}, ${describeRedis(redisProgram)}`;

exitOnSignals();
const measured = new Map<Size, Figures>();
{
  await using parts = new AsyncDisposableStack();
  const folder = parts.use(new TemporaryFolder());
  const dataDir = join(folder.path, 'postgres');
  const postgres = await startPostgres({ dataDir, log: () => undefined });
  parts.defer(() => postgres.stop());
  const redis = await startRedis({ dir: folder.path });
  parts.defer(() => redis.stop());
  for (const schema of ['auth', 'chat']) {
    const directory = join(import.meta.dirname, '../services', schema, 'migrations');
    await migrate({ databaseUrl: postgres.url, schema, directory });
  }
  for (const size of sizes) {
    measured.set(size, await measure({ redisUrl: redis.url, databaseUrl: postgres.url }, size));
    console.log(`${size.groups} groups measured`);
  }
}

const head = [
  `a user with ${sockets} sockets`,
  ...sizes.flatMap(({ groups }) => [`${digits(groups)} groups: stalled`, 'took']),
];
const rows = steps.map((step) => [
  step,
  ...sizes.flatMap((size) => {
    const { stalledMs = Number.NaN, tookMs = Number.NaN } = measured.get(size)?.get(step) ?? {};
    const settles = step.endsWith('closes') || step.endsWith('close');
    return [milliseconds(stalledMs), settles ? '' : milliseconds(tookMs)];
  }),
]);
const section = `On ${machine}.\n\n${table(head, rows)}`;
console.log(`\n${section}`);
if (!values.quick) writeSection('memberships', section);
// All is done and closed; see bench/degradation.ts for why it does not end by itself.
process.exit(0);
