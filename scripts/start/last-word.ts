import { writeSync } from 'node:fs';
import type { StackEnd } from './stack-end.ts';

const standardError = 2;

/** Prints why the stack stopped, as the last line on standard error. */
export function sayWhyItStopped(end: StackEnd): void {
  try {
    // Synchronous: a stream would lose its buffer at exit.
    writeSync(standardError, `Stopped because ${end.message}.\n`);
  } catch {
    // Nobody reads it; the next start prints it, if there is a data directory.
  }
}
