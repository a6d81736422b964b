import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Transfers } from '../transfers/transfers.ts';
import type { Ask, Verdict } from './ask.ts';
import { withHook } from './scan-hook-failed.ts';

/** How long a program that was asked to end may take. A claim of its file lasts longer than that. */
const defaultEndingMs = 5000;

export interface AskCommandOptions extends Limits {
  readonly command: string;
  readonly transfers: Pick<Transfers, 'scanPlace'>;
}

interface Limits {
  /** After this time the program gets SIGTERM. */
  readonly timeoutMs: number;
  /** After this further time it gets SIGKILL. */
  readonly endingMs?: number;
}

/**
 * Asks a program, whose argument is the path of the bytes or a URL. It exits with 0 for clean and
 * with 1 for infected bytes; any other code means that it cannot tell now. A program that a signal
 * ends, such as one that takes too long, has failed.
 */
export function askCommand({ command, transfers, ...limits }: AskCommandOptions): Ask {
  return async (file) => {
    const place = await transfers.scanPlace(file);
    return withHook(() => ran(command, place, limits));
  };
}

async function ran(
  command: string,
  place: string,
  { timeoutMs, endingMs = defaultEndingMs }: Limits,
): Promise<Verdict> {
  const child = spawn(command, [place], { stdio: 'ignore', timeout: timeoutMs });
  // It may ignore SIGTERM, and nothing else would end the wait for it.
  const killing = setTimeout(() => child.kill('SIGKILL'), timeoutMs + endingMs);
  try {
    const [code, signal] = await once(child, 'exit');
    if (signal !== null) throw new Error(`the scanning program was ended by ${signal}`);
    if (code === 0) return 'clean';
    return code === 1 ? 'infected' : 'unknown';
  } finally {
    clearTimeout(killing);
  }
}
