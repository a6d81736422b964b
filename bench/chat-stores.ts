/**
 * `npm run bench:chat-stores [-- --runs 5] [--quick]`: how many messages of eight speakers in a room
 * a chat stores in a second, and the processor time of each, beside chats that store in the same
 * PostgreSQL and the least that does. Linux only. Writes its section of docs/benchmarks.md; `--quick`
 * makes one run, prints and writes nothing.
 */
import { startStoringBackends } from './chat-stores/backends.ts';
import type { Measurement } from './chat-stores/measurement.ts';
import { runStoring } from './chat-stores/scenario.ts';
import { isInstalled } from './chat-stores/servers.ts';
import { type SubjectName, subjectNames, subjectTitles } from './chat-stores/subject-names.ts';
import { storingTables } from './chat-stores/tables.ts';
import { readArguments } from './support/arguments.ts';
import { writeSection } from './support/document.ts';
import { describeMachine } from './support/machine.ts';
import { exitOnSignals } from './support/temporary-folder.ts';

const { count, quick } = readArguments({ name: 'runs', defaultCount: 5 });
const machine = describeMachine();

exitOnSignals();
const names = subjectNames.filter(isInstalled);
for (const name of subjectNames) {
  if (!names.includes(name)) console.log(`${subjectTitles[name]}: skipped, it is not installed`);
}
const runs = new Map<SubjectName, Measurement[][]>();
{
  await using backends = await startStoringBackends();
  for (let run = 0; run < count; run += 1) {
    // Alternating orders: the first in one run is the last in the next.
    for (const name of run % 2 === 0 ? names : names.toReversed()) {
      const measured = await runStoring(name, backends);
      runs.set(name, [...(runs.get(name) ?? []), measured]);
      for (const one of measured) console.log(`${run + 1}/${count} ${name}: ${summaryOf(one)}`);
    }
  }
}

function summaryOf({ members, stored, seconds, missed, doubled, refused }: Measurement): string {
  const perSecond = Math.round(stored / seconds);
  return `${members} members, ${perSecond} messages stored/s; ${missed} missed, ${doubled} doubled, ${refused} refused`;
}

const tables = storingTables({ runs, machine });
console.log(`\n${tables}`);
if (!quick) writeSection('chat-stores', tables);
const wrong = (runs.get('secureconnect') ?? []).flat().some((one) => one.missed + one.doubled > 0);
if (wrong) console.error('SecureConnect has missed or doubled deliveries.');
// All is done and closed; see bench/degradation.ts for why it does not end by itself.
process.exit(wrong ? 1 : 0);
