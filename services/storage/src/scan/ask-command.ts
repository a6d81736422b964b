import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Transfers } from '../transfers/transfers.ts';
import type { Ask, Verdict } from './ask.ts';
import { withHook } from './scan-hook-failed.ts';

export interface AskCommandOptions {
  readonly command: string;
  readonly timeoutMs: number;
  readonly transfers: Pick<Transfers, 'scanPlace'>;
}

/**
 * Asks a program, whose argument is the path of the bytes or a URL. It exits with 0 for clean and
 * with 1 for infected bytes; any other code means that it cannot tell now.
 */
export function askCommand({ command, timeoutMs, transfers }: AskCommandOptions): Ask {
  return async (file) => {
    const place = await transfers.scanPlace(file);
    return withHook(() => ran(command, place, timeoutMs));
  };
}

async function ran(command: string, place: string, timeoutMs: number): Promise<Verdict> {
  const child = spawn(command, [place], { stdio: 'ignore', timeout: timeoutMs });
  const [code] = await once(child, 'exit');
  if (code === 0) return 'clean';
  return code === 1 ? 'infected' : 'unknown';
}
