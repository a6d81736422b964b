import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shellBlocks } from '../support/console-block.ts';
import { root } from './deployed.ts';

/** Commands of a runbook for one way of running the stack. */
export interface RunbookCommand {
  readonly page: string;
  readonly command: string;
}

const folder = join(root, 'docs', 'runbooks');

/** The runbooks' texts by file name. */
export function runbooks(): [page: string, text: string][] {
  return readdirSync(folder)
    .sort()
    .map((page) => [page, readFileSync(join(folder, page), 'utf8')]);
}

/** Every line of the `sh` blocks, comments left out. */
export function shellCommands(): RunbookCommand[] {
  return runbooks().flatMap(([page, text]) =>
    shellBlocks(text)
      .flat()
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((command) => ({ page, command })),
  );
}
