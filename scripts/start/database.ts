import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { spawnLeashed, startPostgres } from '@secureconnect/embedded';
import type { Progress } from './progress.ts';
import type { Settings } from './settings.ts';
import { orEnd, StackEnd } from './stack-end.ts';

export interface Database {
  readonly url: string;
  /** Where the data is, when it is in a folder of ours. */
  readonly folder?: string;
}

export interface SetUp {
  readonly settings: Settings;
  readonly progress: Progress;
  /** What was started; ended in reverse. */
  readonly parts: AsyncDisposableStack;
  readonly controller: AbortController;
}

/** The database that the environment names, else an embedded PostgreSQL in the data directory. */
export async function provideDatabase(setUp: SetUp): Promise<Database> {
  const { settings, progress, parts, controller } = setUp;
  if (settings.databaseUrl !== undefined) return { url: settings.databaseUrl };
  const folder = join(settings.dataDir, 'postgres');
  const server = await progress.step('starting PostgreSQL', () =>
    startPostgres({ dataDir: folder, log: (line) => progress.note(line) }),
  );
  parts.defer(() => server.stop());
  void server.ended.then((how) =>
    controller.abort(
      new StackEnd(1, `PostgreSQL ended (${how}); its log is ${join(folder, 'postgres.log')}`),
    ),
  );
  return { url: server.url, folder };
}

/**
 * Runs the script that brings the database up to date.
 * @throws Error with what the script printed when it fails.
 */
export async function migrate(
  script: string,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<void> {
  const child = spawnLeashed({
    command: [process.execPath, script],
    signal: 'SIGTERM',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment,
  });
  try {
    const { stdout, stderr } = child;
    if (stdout === null || stderr === null) throw new Error('The migrations have no output');
    const work = Promise.all([text(stdout), text(stderr), once(child, 'close')]);
    const [printed, complaints, [code, endedBy]] = await orEnd(work, signal);
    if (code === 0) return;
    throw new Error(
      `The database could not be brought up to date (${endedBy ?? `exit code ${code}`}):\n` +
        `${printed}${complaints}`.trimEnd(),
    );
  } finally {
    child.kill('SIGTERM');
  }
}
