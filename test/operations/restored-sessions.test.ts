import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '@secureconnect/testkit';
import { expect, it } from 'vitest';
import { createWorld } from '../conformance/world.ts';
import { type ServiceName, type Stack, startStack } from '../support/stack.ts';
import { openTestDatabase } from '../support/test-database.ts';
import { dumpedPostgres, dumpedPostgresSkipReason } from './dumped-postgres.ts';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);

/** A route that asks for a token, of each service and through the gateway. */
const withToken: readonly [ServiceName, string][] = [
  ['auth', '/v1/users/me'],
  ['chat', '/v1/conversations'],
  ['video', `/v1/calls/${randomUUID()}`],
  ['storage', '/v1/storage/quota'],
  ['gateway', '/v1/users/me'],
];

/** The services that refuse an access token. */
async function refusing(stack: Stack, token: string): Promise<ServiceName[]> {
  const replies = await Promise.all(
    withToken.map(async ([service, path]) => {
      const headers = { authorization: `Bearer ${token}` };
      const { status } = await fetch(`${stack.urls[service]}${path}`, { headers });
      return status === 401 ? [service] : [];
    }),
  );
  return replies.flat();
}

const all = withToken.map(([service]) => service);
/** Every process looks at the database every five seconds. */
const untilLooked = { timeoutMs: 10_000 };

const refreshStatus = async (stack: Stack, token: string): Promise<number> => {
  const reply = await fetch(`${stack.urls.auth}/v1/auth/refresh`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ refresh_token: token }),
  });
  return reply.status;
};

it.skipIf(dumpedPostgresSkipReason !== '')(
  `sessions that were ended after a backup are open after its restore, until one command ends all${dumpedPostgresSkipReason}`,
  { timeout: 180_000 },
  async () => {
    await using parts = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), 'restored-'));
    parts.defer(() => rm(folder, { recursive: true }));
    const { url } = parts.use(await dumpedPostgres());
    const environment = { env: { ...process.env, DATABASE_URL: url }, cwd: root };
    const dump = join(folder, 'database.dump');
    const wayToDatabase = async () => ({ url, [Symbol.asyncDispose]: async () => undefined });

    const before = await startStack({}, { wayToDatabase });
    const world = createWorld(before);
    const [one, other] = [await world.user(), await world.user()];
    await run('deploy/backup/postgres-backup.sh', [dump], environment);
    for (const { token } of [one, other]) {
      await world.data('auth', 'POST', '/v1/auth/logout', { token });
    }
    await eventually(async () => {
      expect(await refusing(before, one.token)).toEqual(all);
    }, untilLooked);
    expect(await refreshStatus(before, one.refreshToken)).toBe(401);
    await before[Symbol.asyncDispose]();

    const database = openTestDatabase(url);
    await database.execute('DROP SCHEMA auth, chat, gateway, storage, video CASCADE');
    await database.close();
    await run('deploy/backup/postgres-restore.sh', [dump], environment);
    // With an empty Redis of its own.
    const stack = parts.use(await startStack({}, { wayToDatabase }));
    expect(await refusing(stack, one.token)).toEqual([]);
    expect(await refreshStatus(stack, one.refreshToken)).toBe(200);

    const ended = await run('npm', ['run', 'sessions:end', '--', '--all'], environment);
    expect(ended.stdout).toContain('Ended sessions: 2.');
    expect(await refreshStatus(stack, other.refreshToken)).toBe(401);
    await eventually(async () => {
      for (const { token } of [one, other]) expect(await refusing(stack, token)).toEqual(all);
    }, untilLooked);
    const again = await run('npm', ['run', 'sessions:end', '--', '--all'], environment);
    expect(again.stdout).toContain('Ended sessions: 0.');
  },
);
