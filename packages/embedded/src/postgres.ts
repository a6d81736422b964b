import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { freePort } from './ports.ts';
import { PostgresCluster } from './postgres-cluster.ts';
import type { PostgresPrograms } from './postgres-programs.ts';
import { findPostgresPrograms } from './postgres-programs.ts';
import { ServerProcess, ServerStartError } from './server-process.ts';

export interface PostgresOptions {
  /** Created where it does not exist; started again on what is in it. */
  readonly dataDir: string;
  /** Undefined or 0: a free one. */
  readonly port?: number;
  /** False: faster, and a crash of the machine loses the data. For tests. Default: true. */
  readonly durable?: boolean;
  /** Told about the steps that take long. */
  readonly log?: (line: string) => void;
  /** How to run PostgreSQL, where that was already found out. */
  readonly programs?: PostgresPrograms;
}

export interface PostgresServer {
  /** Of the database `postgres`, with the password. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Resolves when the server has ended, saying how. */
  readonly ended: Promise<string>;
  /** Ends all connections and the server. */
  stop(): Promise<void>;
}

/** How long a server may take to be ready, with recovery after a crash; and a killed one to go. */
const startTimeoutMs = 60_000;
const leftOverTimeoutMs = 10_000;

/**
 * Starts a real PostgreSQL on loopback, from the npm package of this platform. It dies with this
 * process, whatever way that ends.
 * @throws Error with the last lines of the server's log when it does not start.
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

/** Tries again, for a while, where waiting or another port helps. */
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

function settings(port: number, durable: boolean): string[] {
  return [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    ...(durable ? [] : ['fsync=off', 'full_page_writes=off', 'synchronous_commit=off']),
  ].flatMap((setting) => ['-c', setting]);
}

/** PostgreSQL writes its state into the eighth line of its pid file, below its pid. */
function isReady(pidFile: string, pid: number): boolean {
  try {
    const lines = readFileSync(pidFile, 'utf8').split('\n');
    return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
  } catch {
    return false; // not written yet
  }
}

/** What passes with time after a crash: old backends that still hold the shared memory. */
function passes({ log }: ServerStartError): boolean {
  return /pre-existing shared memory block|lock file .* already exists/.test(log);
}

function portWasTaken({ log }: ServerStartError): boolean {
  return /could not create any TCP\/IP sockets|Address already in use/.test(log);
}
