import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildConsoleIfOlder } from '../../scripts/start/console-build.ts';
import { Progress } from '../../scripts/start/progress.ts';

const root = join(import.meta.dirname, '../..');

/** The folder of the console as it is built from the current sources. */
export async function builtConsole(): Promise<string> {
  const lines: string[] = [];
  await buildConsoleIfOlder(root, new Progress((line) => lines.push(line)));
  const folder = join(root, 'console/dist');
  if (!existsSync(join(folder, 'index.html'))) throw new Error(lines.join('\n'));
  return folder;
}
