import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram, freePort } from '@secureconnect/embedded';
import { acceptsConnections } from './accepts-connections.ts';
import { programSkipReason, startIn } from './loopback-server.ts';

/** Why tests with PgBouncer are skipped; '' if they can run. */
export const pgBouncerSkipReason = programSkipReason(['pgbouncer']);

/** A test's own PgBouncer. */
export interface TestPgBouncer extends AsyncDisposable {
  /** The URL of the database through the pooler. */
  readonly url: string;
}

export interface PgBouncerOptions {
  /** Maximum connections to the database. Default: PgBouncer's, 20. */
  readonly poolSize?: number;
  /** Further lines of its configuration. */
  readonly settings?: Readonly<Record<string, string | number>>;
}

/** PgBouncer refuses to run as root. */
const unprivileged = 'nobody';

/**
 * Starts a PgBouncer for a database: transaction mode, SCRAM, and otherwise PgBouncer's defaults.
 */
export async function testPgBouncer(
  databaseUrl: string,
  { poolSize, settings = {} }: PgBouncerOptions = {},
): Promise<TestPgBouncer> {
  const program = findProgram('pgbouncer');
  if (program === undefined) throw new Error('PATH has no pgbouncer.');
  const database = new URL(databaseUrl);
  const folder = await mkdtemp(join(tmpdir(), 'secureconnect-pgbouncer-'));
  await chmod(folder, 0o755);
  const port = await freePort();
  const users = join(folder, 'users.txt');
  const user = [database.username, database.password].map(decodeURIComponent);
  await writeFile(users, `${user.map((word) => `"${word}"`).join(' ')}\n`);
  const config = join(folder, 'pgbouncer.ini');
  const lines = Object.entries({
    listen_addr: '127.0.0.1',
    listen_port: port,
    unix_socket_dir: '',
    pool_mode: 'transaction',
    auth_type: 'scram-sha-256',
    auth_file: users,
    ...(poolSize === undefined ? {} : { default_pool_size: poolSize }),
    ...(process.getuid?.() === 0 ? { user: unprivileged } : {}),
    ...settings,
  }).map(([name, value]) => `${name} = ${value}`);
  const target = `* = host=${database.hostname} port=${database.port}`;
  await writeFile(config, ['[databases]', target, '[pgbouncer]', ...lines, ''].join('\n'));
  const command = [program, config];
  const stop = await startIn(folder, { command, isReady: () => acceptsConnections(port) });
  database.host = `127.0.0.1:${port}`;
  return { url: database.href, [Symbol.asyncDispose]: stop };
}
