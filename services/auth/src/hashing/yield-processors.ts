import { readdirSync, readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import type { Logger } from '@secureconnect/service';

const tasks = '/proc/self/task';
/** Of 19; the event loop, at 0, gets some ten times the share of such a thread. */
const niceness = 10;

/**
 * Lowers the priority of libuv's threads, on which passwords are hashed, so that a flood of hashes
 * leaves the processors to the event loop. Linux only, where a thread has a priority of its own;
 * elsewhere it does nothing. To be called when the threads run, which is after the first hash.
 * @returns the number of threads
 */
export function yieldProcessors(log: Pick<Logger, 'warn'>, platform = process.platform): number {
  if (platform !== 'linux') return 0;
  try {
    const threads = readdirSync(tasks).filter((id) =>
      readFileSync(`${tasks}/${id}/comm`, 'utf8').startsWith('libuv-worker'),
    );
    for (const id of threads) setPriority(Number(id), niceness);
    return threads.length;
  } catch (error) {
    // Without it a flood of sign-ins makes other requests slower, and nothing fails.
    log.warn({ err: error }, 'priority of hashing threads not lowered');
    return 0;
  }
}
