import { writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { StackEnd } from './stack-end.ts';

const standardError = 2;

/**
 * Says why the stack has stopped, in the last line on standard error, and in the file `last-stop` of
 * the data directory: where the terminal has gone, nobody reads the line.
 */
export function sayWhyItStopped(end: StackEnd, dataDir: string | undefined): void {
  const line = `Stopped because ${end.message}.\n`;
  if (dataDir !== undefined) {
    writeFileSync(join(dataDir, 'last-stop'), `${new Date().toISOString()} ${line}`);
  }
  try {
    // At once: what a stream still holds is lost at the exit.
    writeSync(standardError, line);
  } catch {
    // Nobody reads it any more: the file has it.
  }
}
