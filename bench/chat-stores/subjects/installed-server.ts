import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';
import { within } from '@secureconnect/degraded-mode';
import pg from 'pg';

/** A server that listens on a port of loopback. */
export interface StoringServer extends AsyncDisposable {
  readonly port: number;
  readonly pid: number;
}

const startTimeoutMs = 30_000;
const pollMs = 100;

/** Starts a program that is to listen on `port`, and waits until it does. */
export async function startProgram(
  [command = '', ...values]: readonly string[],
  port: number,
  environment: NodeJS.ProcessEnv = {},
): Promise<StoringServer> {
  const output = process.env['BENCH_DEBUG'] === '1' ? 'inherit' : 'ignore';
  const child = spawn(command, values, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', output, output],
  });
  const ended = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  try {
    await within(untilListening(child, port), startTimeoutMs, `the start of ${command}`);
  } catch (error) {
    await stop();
    throw error;
  }
  return { port, pid: pidOf(child), [Symbol.asyncDispose]: stop };
}

async function untilListening(child: ChildProcess, port: number): Promise<void> {
  while (!(await accepts(port))) {
    if (child.exitCode !== null) throw new Error(`it ended with code ${child.exitCode}`);
    await after(pollMs);
  }
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('the server was not started');
  return pid;
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false; // not listening yet
  } finally {
    socket.destroy();
  }
}

/** An empty database beside that of `databaseUrl`, in which `schema` is run. */
export async function ownDatabase(databaseUrl: string, name: string, schema = ''): Promise<URL> {
  const url = new URL(databaseUrl);
  await run(url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await run(url, `CREATE DATABASE ${name}`);
  url.pathname = `/${name}`;
  if (schema !== '') await run(url, schema);
  return url;
}

async function run(url: URL, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
