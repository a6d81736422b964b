import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { migratedDatabase } from '@secureconnect/postgres/testing';
import { freePort, testPostgres } from '@secureconnect/testkit';
import { expect, it } from 'vitest';

/** Runs the migrations; what they print to stderr, and their exit code. */
async function migrated(
  databaseUrl: string,
  cassandra: NodeJS.ProcessEnv = { CASSANDRA_CONTACT_POINTS: '' },
): Promise<{ stderr: string; exitCode: number }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'migrate.ts')], {
    env: { ...process.env, DATABASE_URL: databaseUrl, ...cassandra },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [stderr, [exitCode]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  return { stderr, exitCode };
}

it.each([
  [['--wait', 'long'], '--wait is "long"; expected a whole number of seconds.\n'],
  [['--wiat', '5'], "Unknown option '--wiat'."],
])('with %j they say in one line what is wrong', (words, told) => {
  const command = [join(import.meta.dirname, 'migrate.ts'), ...words];
  const { status, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toContain(told);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
});

it.each(['no server', 'no database'])(
  'migrations that cannot begin say so in one line: %s',
  async (fault) => {
    await using database = await testPostgres();
    const url = new URL(database.url);
    if (fault === 'no server') url.port = String(await freePort());
    else url.pathname = '/not_there';
    const told = fault === 'no server' ? 'refused (ECONNREFUSED)' : 'does not exist (3D000)';
    const { stderr, exitCode } = await migrated(url.href);
    expect(exitCode).toBe(1);
    expect(stderr.trimEnd().split('\n')).toEqual([expect.stringContaining(told)]);
    expect(stderr).toContain(`PostgreSQL at ${url.host} `);
  },
);

it('migrations that find no Cassandra say so in one line', async () => {
  await using database = await migratedDatabase(['auth', 'chat', 'gateway', 'storage', 'video']);
  const contactPoints = `127.0.0.1:${await freePort()}`;
  const { stderr, exitCode } = await migrated(database.url, {
    CASSANDRA_CONTACT_POINTS: contactPoints,
    CASSANDRA_LOCAL_DATACENTER: 'datacenter1',
  });
  expect(exitCode).toBe(1);
  expect(stderr).toBe(
    `Cassandra at ${contactPoints} (data centre "datacenter1", keyspace "secureconnect_chat"): the connection was refused (ECONNREFUSED). Check that Cassandra runs there, and the host and port in CASSANDRA_CONTACT_POINTS.\n`,
  );
});
