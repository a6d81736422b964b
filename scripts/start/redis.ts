import { basename, join } from 'node:path';
import { findRedis, freePort, installRedis, RedisFiles, startRedis } from '@secureconnect/embedded';
import type { SetUp } from './database.ts';
import type { SwitchedRedis } from './redis-switch.ts';
import { orEnd } from './stack-end.ts';

/** A Redis on this machine, running or not, and the commands that stop and start it. */
export interface LocalRedis {
  readonly url: string;
  readonly running: boolean;
  readonly folder: string;
  readonly endCommand: string;
  readonly startCommand: string;
  /** For the demo page; undefined where there is no program to start. */
  readonly switched: SwitchedRedis | undefined;
}

/**
 * Starts the Redis of the data directory, installed first if possible; returns undefined if the
 * environment names a different one. Without Redis the stack starts degraded, and uses a Redis that
 * is started later by the same command at once.
 */
export async function provideRedis(setUp: SetUp): Promise<LocalRedis | undefined> {
  const { settings, progress, parts, controller } = setUp;
  if (settings.redis !== undefined) return undefined;
  const dir = join(settings.dataDir, 'redis');
  const files = new RedisFiles(dir);
  const program = await findOrInstall(setUp);
  const commands = {
    folder: dir,
    endCommand: `kill $(cat ${shellWord(files.pidFile)})`,
    startCommand: `${basename(program ?? 'redis-server')} ${shellWord(files.config)}`,
  };
  // This also stops a Redis that a person has restarted.
  parts.defer(() => files.endRunning());
  if (program === undefined) {
    await files.endRunning();
    const port = await freePort();
    files.writeConfig(port);
    const url = `redis://127.0.0.1:${port}`;
    return { ...commands, url, running: false, switched: undefined };
  }
  const server = await progress.step('starting Redis', () =>
    startRedis({ dir, binary: program, log: (line) => progress.note(line) }),
  );
  parts.defer(() => server.stop());
  const noteItsEnd = (): void => {
    void server.ended.then((how) => {
      if (controller.signal.aborted) return;
      progress.note(`Redis stopped (${how}); the stack continues in degraded mode`);
    });
  };
  noteItsEnd();
  const switched = {
    // Also one that a person has started at a terminal.
    isRunning: () => files.runningPid() !== undefined,
    stop: () => files.endRunning(),
    async start() {
      await server.restart();
      noteItsEnd();
    },
  };
  return { ...commands, url: server.url, running: true, switched };
}

/** Returns undefined, and prints why, if there is none. */
async function findOrInstall({ progress, controller }: SetUp): Promise<string | undefined> {
  const found = findRedis();
  if (found !== undefined) return found;
  try {
    const installing = () => installRedis((line) => progress.note(line));
    return await progress.step('looking for Redis', () => orEnd(installing(), controller.signal));
  } catch (error) {
    controller.signal.throwIfAborted();
    progress.note(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

/** A path as a person would type it: relative if it lies below the current folder. */
function shellWord(path: string): string {
  const below = `${process.cwd()}/`;
  const word = path.startsWith(below) ? path.slice(below.length) : path;
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
