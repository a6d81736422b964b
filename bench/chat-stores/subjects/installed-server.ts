import { basename, join } from 'node:path';
import { ServerProcess } from '@secureconnect/embedded';
import pg from 'pg';
import { answersHttp } from '../../support/answers-http.ts';

/** A server that listens on a port of loopback. */
export interface StoringServer extends AsyncDisposable {
  readonly port: number;
  readonly pid: number;
}

export interface ProgramOptions {
  readonly port: number;
  /** Where its output is put. */
  readonly folder: string;
  readonly environment?: NodeJS.ProcessEnv;
}

const startTimeoutMs = 30_000;

/** Starts a program that is to answer HTTP on `port`, and waits until it does. */
export async function startProgram(
  command: readonly [string, ...string[]],
  { port, folder, environment = {} }: ProgramOptions,
): Promise<StoringServer> {
  const name = basename(command[0]);
  const server = new ServerProcess(name, join(folder, `${name}.out`), {
    command,
    signal: 'SIGKILL',
    env: { ...process.env, ...environment },
  });
  await server.waitUntilReady(() => answersHttp(`http://127.0.0.1:${port}`), startTimeoutMs);
  return { port, pid: server.pid, [Symbol.asyncDispose]: () => server.stop('SIGKILL') };
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
