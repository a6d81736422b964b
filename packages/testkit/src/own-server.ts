import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { holdsWithin, isStopped } from '@secureconnect/degraded-mode/servers';
import { eventually } from '@secureconnect/degraded-mode/testing';
import { refuses } from './refuses.ts';
import { backendScripts, runScript } from './sentinel-set.ts';

/** A test's own server. */
export interface OwnServer extends AsyncDisposable {
  /** Ends it like a power cut; acknowledged writes are on the disk. */
  kill(): Promise<void>;
  /** Makes it hang: connections stay open, but nothing is answered. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** Restarts it with its data after a kill. */
  restart(): Promise<void>;
}

export interface OwnServerOptions {
  /** The script's name in the folder of `SECURECONNECT_BACKENDS`. */
  readonly script: string;
  /** The script's option for the server's folder. */
  readonly folderOption: '--dir' | '--data';
  /** Further options of every verb. */
  readonly options?: readonly string[];
  /** Further options of `start`. */
  readonly startOptions: readonly string[];
  /** The port on which it listens until it is killed. */
  readonly port: number;
  /** The pid files in its folder: of the server, then of its own dependencies. */
  readonly pidFiles: readonly [string, ...string[]];
  readonly environment?: NodeJS.ProcessEnv;
}

/** Why tests that start servers by scripts are skipped; '' if they can run. */
export const backendScriptsSkipReason = backendScripts()
  ? ''
  : ' (left out: set SECURECONNECT_BACKENDS)';

/** Starts a server on loopback by a script, in a folder that is removed with it. */
export async function startOwnServer(
  options: OwnServerOptions,
): Promise<OwnServer & { readonly folder: string }> {
  const scripts = backendScripts();
  if (scripts === undefined) throw new Error('SECURECONNECT_BACKENDS is not set.');
  const script = join(scripts, options.script);
  const folder = await mkdtemp(join(tmpdir(), `secureconnect-${options.script}-`));
  const run = (verb: string, more: readonly string[] = []) => {
    const values = [verb, options.folderOption, folder, ...(options.options ?? []), ...more];
    return runScript(script, values, options.environment);
  };
  const start = () => run('start', options.startOptions);
  const pidOf = async (pidFile = options.pidFiles[0]): Promise<number> =>
    Number((await readFile(join(folder, pidFile), 'utf8')).split('\n')[0]);
  const signal = async (name: NodeJS.Signals, pidFile?: string): Promise<void> => {
    process.kill(await pidOf(pidFile), name);
  };
  const stop = async (): Promise<void> => {
    await run('stop');
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await start();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    folder,
    async kill() {
      for (const pidFile of options.pidFiles) await signal('SIGKILL', pidFile);
      await eventually(() => refuses(options.port));
    },
    async freeze() {
      const pid = await pidOf();
      process.kill(pid, 'SIGSTOP');
      // On a busy machine, other threads answer until the one that got the signal has its turn.
      const isFrozen = await holdsWithin(() => isStopped(pid), { timeoutMs: 5000 });
      if (!isFrozen) throw new Error(`process ${pid} still runs after SIGSTOP`);
    },
    thaw: () => signal('SIGCONT'),
    restart: start,
    async [Symbol.asyncDispose]() {
      // A frozen server would ignore a stop; a killed one has no process.
      await signal('SIGKILL').catch(() => undefined);
      await stop();
    },
  };
}

/** The environment that a script wrote for its server: lines `NAME=value`. */
export async function writtenEnvironment(file: string): Promise<ReadonlyMap<string, string>> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  return new Map(lines.map((line) => [line.split('=', 1)[0] ?? '', line.replace(/^\w+=/, '')]));
}
