import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Progress } from './progress.ts';

/** What the built files follow from. */
const sources = [
  'console/{index.html,package.json,vite.config.ts}',
  'console/{src,build,public}/**/*.*',
  'packages/client/src/**/*.ts',
  'pnpm-lock.yaml',
];
const maxBuildMs = 120_000;

/**
 * Builds the console if it is not built, or its sources are newer. A failure is said and ends nothing:
 * the gateway's page then says how to build it.
 * @param root the folder of the repository
 */
export async function buildConsoleIfOlder(root: string, progress: Progress): Promise<void> {
  if (!isOlder(root)) return;
  try {
    await progress.step('building the console', () => build(root));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    progress.note(`the console is not built, and everything else starts: ${reason}`);
  }
}

/** Whether a source has changed since the build, or there is none. */
export function isOlder(root: string): boolean {
  const built = statSync(join(root, 'console/dist/index.html'), { throwIfNoEntry: false });
  if (built === undefined) return true;
  return globSync(sources, { cwd: root }).some(
    (file) => statSync(join(root, file)).mtimeMs > built.mtimeMs,
  );
}

async function build(root: string): Promise<void> {
  const vite = join(root, 'console/node_modules/vite/bin/vite.js');
  const child = spawn(process.execPath, [vite, 'build', '--logLevel', 'error'], {
    cwd: join(root, 'console'),
    stdio: ['ignore', 'ignore', 'pipe'],
    signal: AbortSignal.timeout(maxBuildMs),
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = `${errors}${text}`.slice(-1000);
  });
  const [exitCode] = await once(child, 'close');
  if (exitCode === 0) return;
  const lastLine = errors.trim().split('\n').at(-1) ?? '';
  throw new Error(
    `the build ended with ${exitCode}. Run npm run build:console. ${lastLine}`.trim(),
  );
}
