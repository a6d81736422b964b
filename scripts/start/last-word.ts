import { writeSync } from 'node:fs';
import type { StackEnd } from './stack-end.ts';

const standardError = 2;

/** Says why the stack has stopped, in the last line on standard error. */
export function sayWhyItStopped(end: StackEnd): void {
  try {
    // At once: what a stream still holds is lost at the exit.
    writeSync(standardError, `Stopped because ${end.message}.\n`);
  } catch {
    // Nobody reads it any more; the next start says it, where it has a data directory.
  }
}
