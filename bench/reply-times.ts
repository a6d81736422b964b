/**
 * `npm run bench:reply-times [-- --addresses 400] [--quick]`: how often the time of a reply alone
 * tells whether anybody has an e-mail address. Writes its section of docs/benchmarks.md; `--quick`
 * asks for few addresses, prints and writes nothing.
 */

import { openDatabase } from '@secureconnect/postgres';
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

/** What nobody may learn with any setting. */
const probes: readonly Probe[] = [
  {
    name: 'a password reset request',
    path: '/v1/auth/password-reset/request',
    body: (email) => ({ email }),
    status: 200,
  },
  {
    name: 'a request for a verification mail',
    path: '/v1/auth/email/resend',
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

let registrations = 0;
/** What nobody may learn where addresses must be verified. */
const probesOfVerified: readonly Probe[] = [
  {
    name: 'a registration',
    path: '/v1/auth/register',
    body(email) {
      registrations += 1;
      const username = `registered_${registrations}`;
      return { email, username, password: 'purple monkey dishwasher', display_name: username };
    },
    status: 201,
  },
  {
    name: 'a login with the password of that registration',
    path: '/v1/auth/login',
    body: (email) => ({ email, password: 'purple monkey dishwasher' }),
    status: 403,
  },
];

function row(name: string, times: Times): string[] {
  const share = shareGuessedRight(times);
  const cells = [milliseconds(median(times.known)), milliseconds(median(times.unknown))];
  console.log(`${name}: ${Math.round(share * 100)} % right, medians ${cells.join(' and ')}`);
  return [name, ...cells, `${Math.round(share * 100)} %`];
}

async function verifyAll(databaseUrl: string): Promise<void> {
  const database = openDatabase({ url: databaseUrl });
  await database.execute('UPDATE auth.users SET email_verified_at = now()');
  await database.close();
}

exitOnSignals();
const rows: string[][] = [];
for (const [setting, asked] of [
  ['false', probes],
  ['true', probesOfVerified],
] as const) {
  // All come from one address, faster than the limit of production.
  const faster = { SIGN_INS_PER_SECOND: '10000' };
  await using auth = await startAuth({ REQUIRE_VERIFIED_EMAIL: setting, ...faster });
  const warmUp = await registerUsers(auth.url, 'warm', 20);
  const known = await registerUsers(auth.url, 'user', count);
  await verifyAll(auth.databaseUrl);
  for (const probe of asked) {
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
