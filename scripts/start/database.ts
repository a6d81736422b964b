import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { spawnLeashed, startPostgres } from '@secureconnect/embedded';
import type { Progress } from './progress.ts';
import type { Settings } from './settings.ts';
import { orEnd, StackEnd } from './stack-end.ts';

export interface Database {
  readonly url: string;
  /** The data folder of an embedded database. */
  readonly folder?: string;
}

export interface SetUp {
  readonly settings: Settings;
  readonly progress: Progress;
  /** Everything that was started; it ends in reverse order. */
  readonly parts: AsyncDisposableStack;
  readonly controller: AbortController;
}

/**
 * Returns the database that the environment names, or starts an embedded PostgreSQL in the data
 * directory.
 */
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
 * Runs the script that migrates the database.
 * @throws Error with the script's output if it fails.
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
    if (stdout === null || stderr === null) throw new Error('The migrations process has no output');
    const work = Promise.all([text(stdout), text(stderr), once(child, 'close')]);
    const [printed, complaints, [code, endedBy]] = await orEnd(work, signal);
    if (code === 0) return;
    throw new Error(
      `The database migrations failed (${endedBy ?? `exit code ${code}`}):\n` +
        `${printed}${complaints}`.trimEnd(),
    );
  } finally {
    child.kill('SIGTERM');
  }
}
