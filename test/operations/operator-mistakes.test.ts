import { fork } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { openDatabase } from '@secureconnect/postgres';
import { migratedDatabase } from '@secureconnect/postgres/testing';
import { askRedis, eventually, freePort, testPostgres, testRedis } from '@secureconnect/testkit';
import { jwtSecret } from '@secureconnect/tokens/testing';
import { expect, it } from 'vitest';

type Line = Record<string, unknown> & { readonly msg: string };

const services = join(import.meta.dirname, '../../services');

/** A service as an operator starts it, with what it prints. */
function startProcess(service: 'auth' | 'storage', environment: NodeJS.ProcessEnv) {
  const child = fork(join(services, service, 'src/main.ts'), {
    env: { PATH: process.env['PATH'], JWT_SECRET: jwtSecret, ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: [],
  });
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('the process has no output');
  let output = '';
  stdout.on('data', (data: Buffer) => {
    output += data.toString();
  });
  const ended = Promise.all([once(child, 'exit'), text(stderr)]).then(([[code], errors]) => ({
    code,
    errors,
  }));
  return {
    child,
    ended,
    /** The lines of the log so far; the last one may be incomplete. */
    lines: () =>
      output
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as Line),
    all: () => output,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Starts auth, and resolves when it listens. */
async function startAuth(environment: NodeJS.ProcessEnv) {
  const port = await freePort();
  const mails = { MAIL_DIRECTORY: tmpdir() };
  const auth = startProcess('auth', { AUTH_PORT: String(port), ...mails, ...environment });
  const [message] = await once(auth.child, 'message');
  expect(message).toEqual({ kind: 'listening', port });
  return { ...auth, url: `http://127.0.0.1:${port}` };
}

// A process starts in a second of processor time; the rest is for a busy machine.
const timeout = 60_000;

/** A role with the rights of the owner of a migrated database, and its URL with a wrong password. */
async function wrongPassword() {
  const postgres = await migratedDatabase(['auth']);
  const url = new URL(postgres.url);
  const owner = url.username;
  url.username = `mistaken_${url.pathname.slice(1)}`;
  url.password = 'a-wrong-word';
  const run = async (statement: string): Promise<void> => {
    const database = openDatabase({ url: postgres.url, maxConnections: 1 });
    await database.execute(statement).finally(() => database.close());
  };
  await run(`CREATE ROLE ${url.username} LOGIN PASSWORD 'the-right-one' IN ROLE ${owner}`);
  return {
    url,
    /** From now on the password of the URL is right. */
    mend: () => run(`ALTER ROLE ${url.username} PASSWORD '${url.password}'`),
    async [Symbol.asyncDispose]() {
      await run(`DROP ROLE ${url.username}`);
      await postgres.close();
    },
  };
}

/** What an operator would look into. */
const isNoInfo = ({ level }: Line): boolean => level !== 'info';

it('a service with wrong passwords says so in one line each, and in one that it works', {
  timeout,
}, async () => {
  await using postgres = await wrongPassword();
  await using redis = await testRedis();
  await askRedis(redis.port, 'ACL SETUSER ada on >open-sesame ~* &* +@all');
  const { url: database } = postgres;
  await using auth = await startAuth({
    DATABASE_URL: database.href,
    REDIS_URL: redis.url.replace('//', '//ada:hidden-word@'),
  });
  for (let times = 0; times < 5; times += 1) {
    const reply = await fetch(`${auth.url}/ready`);
    expect(await reply.json()).toMatchObject({ status: 'not_ready', database: 'unavailable' });
  }
  await eventually(() => expect(auth.lines().filter(isNoInfo)).toHaveLength(2));
  const ofDatabase = (): Line[] =>
    auth.lines().filter(({ dependency }) => dependency === 'database');
  expect(ofDatabase()).toEqual([
    expect.objectContaining({
      level: 'warn',
      msg: 'dependency is unavailable',
      cause: {
        code: '28P01',
        message: `password authentication failed for user "${database.username}"`,
        remedy: `PostgreSQL at ${database.host} (database "${database.pathname.slice(1)}", role "${database.username}"): the password was refused (28P01). Correct the password in DATABASE_URL; a volume keeps the password it was created with.`,
      },
    }),
  ]);
  expect(auth.lines().filter(({ msg }) => msg === 'Redis entered degraded mode')).toEqual([
    expect.objectContaining({
      remedy: `Redis at ${new URL(redis.url).host}: the user or its password was refused (WRONGPASS auth). Correct the password in REDIS_URL, or REDIS_PASSWORD.`,
    }),
  ]);

  await postgres.mend();
  await eventually(async () => expect((await fetch(`${auth.url}/ready`)).status).toBe(200));
  await eventually(() => expect(ofDatabase()).toHaveLength(2));
  const [, again] = ofDatabase();
  expect(again).toMatchObject({ level: 'info', msg: 'dependency is available again' });
  // Copies of tables, readiness and timers have failed meanwhile, without a line each.
  expect(again?.['suppressed']).toBeGreaterThan(2);
  expect(auth.lines().filter(isNoInfo)).toHaveLength(2);
  expect(auth.all()).not.toMatch(/a-wrong-word|hidden-word|"stack"/);
});

it('a service with a host of its database that does not exist says so in one line', {
  timeout,
}, async () => {
  await using redis = await testRedis();
  await using auth = await startAuth({
    DATABASE_URL: 'postgresql://app:hidden-word@nowhere.invalid/app',
    REDIS_URL: redis.url,
  });
  await fetch(`${auth.url}/ready`);
  await eventually(() => expect(auth.lines().filter(isNoInfo)).not.toEqual([]));
  // That no revocations are known without the database, Redis' mode says in its own line.
  const isOfRedis = ({ msg }: Line): boolean => msg === 'Redis entered degraded mode';
  const [line, ...more] = auth.lines().filter((one) => isNoInfo(one) && !isOfRedis(one));
  expect(line).toMatchObject({
    dependency: 'database',
    cause: {
      remedy: expect.stringMatching(
        /^PostgreSQL at nowhere\.invalid:5432 \(.*\): the host name .* Correct the host in DATABASE_URL, or the DNS of this machine\.$/,
      ),
    },
  });
  expect(more).toEqual([]);
  expect(auth.all()).not.toMatch(/hidden-word|"stack"/);
  // Recovery is tried more than once a second meanwhile.
  expect(auth.lines().filter(({ msg }) => msg === 'Redis found')).toHaveLength(1);
});

it('a service whose migrations have not run says which, and what is missing', {
  timeout,
}, async () => {
  await using postgres = await testPostgres();
  await using redis = await testRedis();
  await using auth = await startAuth({ DATABASE_URL: postgres.url, REDIS_URL: redis.url });
  const linesWith = (message: string): string[] =>
    auth
      .lines()
      .filter(({ msg }) => msg === message)
      .map((line) => JSON.stringify(line));
  const run = 'Run the migrations of this version: node scripts/migrate.ts';
  for (const [message, words] of [
    ['schema is older than this version', 'lacks the migration 0001_accounts and '],
    ['revocation snapshot refresh failed', 'a table is missing (42P01: relation '],
  ] as const) {
    await eventually(() => expect(linesWith(message)).not.toEqual([]));
    const [line, ...more] = linesWith(message);
    expect(line).toContain(words);
    expect(line).toContain(run);
    expect(more).toEqual([]);
  }
  expect(auth.all()).not.toContain('"stack"');
});

it('a service with a directory that is none ends with one line', { timeout }, async () => {
  await using storage = startProcess('storage', {
    DATABASE_URL: 'postgresql://app:hidden-word@127.0.0.1:1/app',
    STORAGE_DIRECTORY: import.meta.filename,
    STORAGE_PORT: '0',
  });
  expect(await storage.ended).toEqual({
    code: 1,
    errors: `STORAGE_DIRECTORY is "${import.meta.filename}": the path is no directory (EEXIST). Correct STORAGE_DIRECTORY.\n`,
  });
});
