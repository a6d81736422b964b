import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { freePort, ServerProcess, ServerStartError } from '@secureconnect/degraded-mode/servers';
import { PostgresCluster } from './postgres-cluster.ts';
import type { PostgresPrograms } from './postgres-programs.ts';
import { findPostgresPrograms } from './postgres-programs.ts';

export interface PostgresOptions {
  /** Created if it does not exist; existing data is reused. */
  readonly dataDir: string;
  /** Default, also for 0: a free port. */
  readonly port?: number;
  /** False: faster, but a crash of the machine loses data. For tests. Default: true. */
  readonly durable?: boolean;
  /** Called for steps that take long. */
  readonly log?: (line: string) => void;
  /** How to run PostgreSQL, if already known. */
  readonly programs?: PostgresPrograms;
}

export interface PostgresServer {
  /** The URL of the database `postgres`, with the password. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Resolves when the server has ended, with the way it did. */
  readonly ended: Promise<string>;
  /** Ends all connections and the server. */
  stop(): Promise<void>;
}

/** Maximum time to start, including recovery after a crash, and to end after a kill. */
const startTimeoutMs = 60_000;
const leftOverTimeoutMs = 10_000;

/**
 * Starts a real PostgreSQL on loopback, from the npm package of this platform. It ends with this
 * process.
 * @throws Error with the last lines of the server's log if it does not start.
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const { durable = true, programs = findPostgresPrograms() } = options;
  const cluster = new PostgresCluster(resolve(options.dataDir));
  mkdirSync(cluster.folder, { recursive: true, mode: 0o700 });
  if (!cluster.exists) {
    options.log?.('creating a PostgreSQL database');
    await cluster.create(programs, durable);
  }
  await cluster.awaitUnused(leftOverTimeoutMs);
  cluster.own(programs.owner);
  const { server, port } = await startOnPort(cluster, programs, { port: options.port, durable });
  return {
    url: `postgresql://secureconnect:${await cluster.password()}@127.0.0.1:${port}/postgres`,
    port,
    pid: server.pid,
    ended: server.ended,
    stop: () => server.stop('SIGINT'),
  };
}

/** Retries for a while if waiting or a different port helps. */
async function startOnPort(
  cluster: PostgresCluster,
  programs: PostgresPrograms,
  { port: wanted, durable }: { port: number | undefined; durable: boolean },
): Promise<{ server: ServerProcess; port: number }> {
  const deadline = Date.now() + leftOverTimeoutMs;
  for (;;) {
    const port = wanted || (await freePort());
    try {
      return { server: await startOnce(cluster, programs, settings(port, durable)), port };
    } catch (error) {
      const another = error instanceof ServerStartError && Date.now() < deadline;
      if (!another || !(passes(error) || (!wanted && portWasTaken(error)))) throw error;
    }
  }
}

async function startOnce(
  cluster: PostgresCluster,
  { postgres, asUser }: PostgresPrograms,
  settings: readonly string[],
): Promise<ServerProcess> {
  rmSync(cluster.logPath, { force: true });
  const server = new ServerProcess('PostgreSQL', cluster.logPath, {
    command: [postgres, '-D', cluster.data, ...settings],
    prefix: asUser,
    signal: 'SIGINT',
    cwd: cluster.folder,
  });
  await server.waitUntilReady(() => isReady(cluster.pidFile, server.pid), startTimeoutMs);
  return server;
}

/**
 * Nothing survives a crash, and nothing cares for the long run: with a database for each test, vacuums,
 * checkpoints and the log of replication would take processor time from the tests.
 */
const forTests = [
  ...['fsync=off', 'full_page_writes=off', 'synchronous_commit=off'],
  ...['autovacuum=off', 'checkpoint_timeout=30min', 'max_wal_size=4GB'],
  ...['wal_level=minimal', 'max_wal_senders=0'],
];

function settings(port: number, durable: boolean): string[] {
  return [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    // The tests of several workers share one server, and each may have two whole stacks.
    `max_connections=${durable ? 200 : 500}`,
    ...(durable ? [] : forTests),
  ].flatMap((setting) => ['-c', setting]);
}

/** PostgreSQL writes its state into the eighth line of its pid file. */
function isReady(pidFile: string, pid: number): boolean {
  try {
    const lines = readFileSync(pidFile, 'utf8').split('\n');
    return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
  } catch {
    return false; // not written yet
  }
}

/** A temporary problem after a crash: old backends still hold the shared memory. */
function passes({ log }: ServerStartError): boolean {
  return /pre-existing shared memory block|lock file .* already exists/.test(log);
}

function portWasTaken({ log }: ServerStartError): boolean {
  return /could not create any TCP\/IP sockets|Address already in use/.test(log);
}
