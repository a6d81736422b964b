/**
 * `npm run bench:reply-times [-- --addresses 400] [--quick]`: how often the time of a reply alone
 * tells whether anybody has an e-mail address. Writes its section of docs/benchmarks.md; `--quick`
 * asks for few addresses, prints and writes nothing.
 */
import { shareGuessedRight, type Times } from './reply-times/guess.ts';
import { type Measured, measure, type Probe, registerUsers } from './reply-times/measure.ts';
import { readArguments } from './support/arguments.ts';
import { startAuth } from './support/auth.ts';
import { writeSection } from './support/document.ts';
import { describeMachine } from './support/machine.ts';
import { milliseconds, table } from './support/markdown.ts';
import { median } from './support/statistics.ts';
import { exitOnSignals } from './support/temporary-folder.ts';

const { count, quick } = readArguments({
  name: 'addresses',
  defaultCount: 400,
  quickCount: 50,
  minCount: 10,
});
const machine = describeMachine();

const probes: readonly Probe[] = [
  {
    name: 'a password reset request',
    path: '/v1/auth/password-reset/request',
    body: (email) => ({ email }),
    status: 200,
  },
  {
    name: 'a login with a wrong password',
    path: '/v1/auth/login',
    body: (email) => ({ email, password: 'not the password' }),
    status: 401,
  },
];

function row(name: string, times: Times): string[] {
  const share = shareGuessedRight(times);
  const cells = [milliseconds(median(times.known)), milliseconds(median(times.unknown))];
  console.log(`${name}: ${Math.round(share * 100)} % right, medians ${cells.join(' and ')}`);
  return [name, ...cells, `${Math.round(share * 100)} %`];
}

exitOnSignals();
const rows: string[][] = [];
{
  await using auth = await startAuth();
  const warmUp = await registerUsers(auth.url, 'warm', 20);
  const known = await registerUsers(auth.url, 'user', count);
  for (const probe of probes) {
    await measure(auth.url, probe, warmUp);
    const { own, next }: Measured = await measure(auth.url, probe, known);
    rows.push(row(probe.name, own), row(`the request after ${probe.name}`, next));
  }
}
const head = ['', 'known, median', 'unknown, median', 'correct guesses'];
const section = `${count} known and ${count} unknown addresses on ${machine}.\n\n${table(head, rows)}`;
console.log(`\n${section}`);
if (!quick) writeSection('reply-times', section);
// All is done and closed; see bench/degradation.ts for why it does not end by itself.
process.exit(0);
