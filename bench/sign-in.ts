/**
 * `npm run bench:sign-in [-- --users 1000] [--quick]`: sign-ins with Redis up and with Redis frozen
 * under SIGN_IN_WITHOUT_REDIS=durable, guesses beyond the lockout, and what a flood of sign-ins does
 * to other requests. Writes its section of docs/benchmarks.md; `--quick` is short and writes nothing.
 */
import { getByTheClock, post, type Timed, type User } from './sign-in/requests.ts';
import { readArguments } from './support/arguments.ts';
import { type RunningAuth, startAuth } from './support/auth.ts';
import { writeSection } from './support/document.ts';
import { each } from './support/each.ts';
import { describeMachine } from './support/machine.ts';
import { digits, milliseconds, ratio, table } from './support/markdown.ts';
import { median, percentile } from './support/statistics.ts';
import { exitOnSignals } from './support/temporary-folder.ts';

const { count, quick } = readArguments({
  name: 'users',
  defaultCount: 1000,
  quickCount: 50,
  minCount: 10,
});
const machine = describeMachine();

const signInsAtOnce = 8;
const guessedAccounts = quick ? 5 : 50;
const guessesEach = 12;
const lockoutFailures = 5;
const floodClients = 32;
const measureMs = quick ? 4000 : 20_000;
const profilesPerSecond = 50;

function namesOf(prefix: string, length: number): User[] {
  return Array.from({ length }, (_, index) => ({
    email: `${prefix}_${index}@example.com`,
    password: 'correct horse battery',
  }));
}

async function registered({ url }: RunningAuth, users: readonly User[]): Promise<void> {
  await each(users, signInsAtOnce, async ({ email, password }) => {
    const username = email.split('@')[0] ?? '';
    const body = { email, username, password, display_name: username };
    const { status, text } = await post(`${url}/v1/auth/register`, body);
    if (status !== 201) throw new Error(`registration answered ${status}: ${text}`);
  });
}

/** Every user signs in once. */
async function signIns(auth: RunningAuth, name: string, users: readonly User[]): Promise<string[]> {
  const replies: Timed[] = [];
  const startedAt = performance.now();
  await each(users, signInsAtOnce, async (user) => {
    replies.push(await post(`${auth.url}/v1/auth/login`, user));
  });
  const seconds = (performance.now() - startedAt) / 1000;
  const accepted = replies.filter(({ status }) => status === 200).length;
  const times = replies.map(({ ms }) => ms);
  return [
    name,
    digits(users.length),
    digits(accepted),
    digits(users.length - accepted),
    digits(users.length / seconds),
    milliseconds(median(times)),
    milliseconds(percentile(times, 0.99)),
  ];
}

/** Wrong passwords at once for each account, then the right one; says how many were judged. */
async function guesses(auth: RunningAuth, name: string, prefix: string): Promise<string[]> {
  const users = namesOf(prefix, guessedAccounts);
  await registered(auth, users);
  const attempts = users.flatMap((user) =>
    Array.from({ length: guessesEach }, () => ({ ...user, password: 'not the password' })),
  );
  const judged = new Map<string, number>();
  await each(attempts, signInsAtOnce, async (attempt) => {
    const { status } = await post(`${auth.url}/v1/auth/login`, attempt);
    if (status === 401) judged.set(attempt.email, (judged.get(attempt.email) ?? 0) + 1);
  });
  let accepted = 0;
  await each(users, signInsAtOnce, async (user) => {
    if ((await post(`${auth.url}/v1/auth/login`, user)).status === 200) accepted += 1;
  });
  const beyond = [...judged.values()].reduce(
    (sum, times) => sum + Math.max(0, times - lockoutFailures),
    0,
  );
  const total = [...judged.values()].reduce((sum, times) => sum + times, 0);
  return [name, digits(attempts.length), digits(total), digits(beyond), digits(accepted)];
}

/** Times of `GET /v1/auth/profile`, without and during a flood of sign-ins. */
async function flood(auth: RunningAuth, [user, ...others]: readonly User[]): Promise<string[][]> {
  if (user === undefined) throw new Error('a flood needs users');
  const { text } = await post(`${auth.url}/v1/auth/login`, user);
  const { data } = JSON.parse(text) as { data: { access_token: string } };
  const profiles = async () => {
    await auth.eventLoopP99Ms();
    const url = `${auth.url}/v1/auth/profile`;
    const options = { perSecond: profilesPerSecond, forMs: measureMs };
    const replies = await getByTheClock(url, data.access_token, options);
    const eventLoopMs = await auth.eventLoopP99Ms();
    const failed = replies.find(({ status }) => status !== 200);
    if (failed !== undefined) throw new Error(`a profile answered ${failed.status}`);
    return {
      p99: percentile(
        replies.map(({ ms }) => ms),
        0.99,
      ),
      eventLoopMs,
    };
  };
  const quiet = await profiles();
  let signedIn = 0;
  let isOver = false;
  const clients = Array.from({ length: floodClients }, async (_, index) => {
    for (let next = index; !isOver; next += floodClients) {
      const one = others[next % others.length] ?? user;
      if ((await post(`${auth.url}/v1/auth/login`, one)).status === 200) signedIn += 1;
    }
  });
  const flooded = await profiles();
  isOver = true;
  await Promise.all(clients);
  const perSecond = digits(signedIn / (measureMs / 1000));
  return [
    ['without', '0', milliseconds(quiet.p99), '', milliseconds(quiet.eventLoopMs)],
    [
      `${floodClients} clients`,
      perSecond,
      milliseconds(flooded.p99),
      ratio(flooded.p99 / quiet.p99),
      milliseconds(flooded.eventLoopMs),
    ],
  ];
}

exitOnSignals();
const parts: string[] = [];
{
  await using auth = await startAuth({ SIGN_IN_WITHOUT_REDIS: 'durable' });
  const users = namesOf('user', count);
  await registered(auth, users);
  const ups = [await signIns(auth, 'Redis up', users)];
  const guessed = [await guesses(auth, 'Redis up', 'guessed_up')];
  const flooded = await flood(auth, users);
  auth.redis.freeze();
  ups.push(await signIns(auth, 'Redis frozen', users));
  guessed.push(await guesses(auth, 'Redis frozen', 'guessed_frozen'));
  auth.redis.thaw();
  const head = ['', 'sign-ins', 'accepted', 'refused', 'a second', 'p50', 'p99'];
  parts.push(table(head, ups));
  const headOfGuesses = ['', 'guesses', 'judged', 'beyond the lockout', 'then accepted'];
  parts.push(table(headOfGuesses, guessed));
  const headOfFlood = ['flood', 'sign-ins/s', 'profile, p99', 'ratio', 'event loop, p99'];
  parts.push(table(headOfFlood, flooded));
}
const section = [`${digits(count)} users on ${machine}.`, ...parts].join('\n\n');
console.log(section);
if (!quick) writeSection('sign-in', section);
// All is done and closed; see bench/degradation.ts for why it does not end by itself.
process.exit(0);
