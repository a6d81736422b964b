import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Reasons that nobody sees, because the terminal closed with the shell. */
const unseen = /^it got SIGHUP|^its (parent process ended|output cannot be written)/;

const fileIn = (dataDir: string): string => join(dataDir, 'last-stop');

/** Stores why and when the stack stopped, for the next start. */
export function keepLastStop(dataDir: string, reason: string): void {
  writeFileSync(fileIn(dataDir), `${new Date().toISOString()} ${reason}\n`);
}

/**
 * Why the previous run stopped and how to keep the stack running; undefined if somebody could see
 * the reason.
 */
export function unseenLastStop(dataDir: string): string | undefined {
  let kept: string;
  try {
    kept = readFileSync(fileIn(dataDir), 'utf8');
  } catch {
    return undefined; // The first run, or one that was killed with -9.
  }
  const [at = '', ...words] = kept.trim().split(' ');
  const reason = words.join(' ');
  if (!unseen.test(reason)) return undefined;
  return (
    `The last run stopped at ${at}: ${reason}. ` +
    'To keep it running after its shell has ended: setsid nohup npm start >stack.log 2>&1 &'
  );
}
