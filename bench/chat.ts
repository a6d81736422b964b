/**
 * `npm run bench:chat [-- --runs 5] [--quick]`: how fast messages reach the sockets of a room on two
 * instances, ours with either store beside socket.io with its Redis adapter, with Redis and without.
 * Writes its section of docs/benchmarks.md; `--quick` makes one run, prints and writes nothing.
 */
import { startBackends } from './chat/backends.ts';
import { states } from './chat/measurement.ts';
import { totalsOf } from './chat/results.ts';
import { type ChatRun, runChat } from './chat/scenario.ts';
import { isOurs, type SubjectName, subjectNames } from './chat/subject-names.ts';
import { chatTables } from './chat/tables.ts';
import { readArguments } from './support/arguments.ts';
import { writeSection } from './support/document.ts';
import { describeMachine, describeRedis } from './support/machine.ts';
import { exitOnSignals } from './support/temporary-folder.ts';

const { count, quick } = readArguments({ name: 'runs', defaultCount: 5 });
const machine = `${describeMachine()}, ${describeRedis()}`;

exitOnSignals();
const runs = new Map<SubjectName, ChatRun[]>();
{
  await using backends = await startBackends();
  const names = subjectNames.filter(
    (name) => name !== 'secureconnect-cassandra' || backends.settings.cassandra !== undefined,
  );
  for (let run = 0; run < count; run += 1) {
    // Alternating orders: the first in one run is the last in the next.
    for (const name of run % 2 === 0 ? names : names.toReversed()) {
      const measured = await runChat(name, backends.settings);
      runs.set(name, [...(runs.get(name) ?? []), measured]);
      console.log(`${run + 1}/${count} ${name}: ${summaryOf(measured)}`);
    }
  }
}

function summaryOf(run: ChatRun): string {
  const counts = states.map((state) => {
    const { due, missed, doubled, echoed, refused } = totalsOf([run], state);
    return `${state}, of ${due} deliveries ${missed} missed, ${doubled} doubled; ${echoed} echoed, ${refused} refused`;
  });
  return `${counts.join('; ')}; ${run.closed} sockets closed`;
}

const tables = chatTables({ runs, machine });
console.log(`\n${tables}`);
if (!quick) writeSection('chat', tables);
const ours = subjectNames.filter(isOurs).flatMap((name) => runs.get(name) ?? []);
const wrong = states.some((state) => {
  const { missed, doubled } = totalsOf(ours, state);
  return missed + doubled > 0;
});
if (wrong) console.error('SecureConnect has missed or doubled deliveries.');
// All is done and closed; see bench/degradation.ts for why it does not end by itself.
process.exit(wrong ? 1 : 0);
