/**
 * `npm run bench:fleet [-- --runs 3] [--quick]`: 10,000 sockets over four instances of chat, without
 * Redis for a while, and after one instance is killed. Writes its section of docs/benchmarks.md;
 * `--quick` makes one run with 1,000 sockets, prints and writes nothing.
 */
import { type FleetRun, runFleet } from './fleet/run.ts';
import { fleetTables } from './fleet/tables.ts';
import { startBackends } from './memory/backends.ts';
import { readArguments } from './support/arguments.ts';
import { writeSection } from './support/document.ts';
import { describeMachine, describeRedis } from './support/machine.ts';
import { exitOnSignals } from './support/temporary-folder.ts';

const { count, quick } = readArguments({ name: 'runs', defaultCount: 3 });
const sockets = quick ? 1000 : 10_000;
const machine = `${describeMachine()}, ${describeRedis()}`;

exitOnSignals();
const runs: FleetRun[] = [];
for (let run = 0; run < count; run += 1) {
  await using backends = await startBackends(sockets);
  const measured = await runFleet(backends);
  runs.push(measured);
  console.log(`${run + 1}/${count}: ${JSON.stringify(measured.spoken)}`);
}

const tables = fleetTables({ runs, machine });
console.log(`\n${tables}`);
if (!quick) writeSection('fleet', tables);
