import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../../..');

export interface Ended {
  readonly code: number | null;
  /** Standard output and standard error, as they came. */
  readonly output: string;
}

export interface CommandOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Default: the root of the repository. */
  readonly directory?: string;
  /** Default 60 000; then it is killed. */
  readonly timeoutMs?: number;
  /** Whether what it says is shown as it comes. */
  readonly shown?: boolean;
}

/** Runs a command to its end, whatever that is. */
export async function ended(
  [program = '', ...values]: readonly string[],
  { env = {}, directory = root, timeoutMs = 60_000, shown = false }: CommandOptions = {},
): Promise<Ended> {
  const child = spawn(program, values, {
    cwd: directory,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
  });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said.push(chunk);
      if (shown) process.stderr.write(chunk);
    });
  }
  const [code] = await once(child, 'close');
  return { code, output: Buffer.concat(said).toString() };
}

/** Likewise; returns what it said. Throws Error with that where it fails. */
export async function said(command: readonly string[], options?: CommandOptions): Promise<string> {
  const { code, output } = await ended(command, options);
  if (code === 0) return output.trimEnd();
  throw new Error(`"${command.join(' ')}" ended with ${code}:\n${output}`);
}

/** The lines of a command's output that hold something. */
export async function linesOf(
  command: readonly string[],
  options?: CommandOptions,
): Promise<string[]> {
  return (await said(command, options)).split('\n').filter((line) => line !== '');
}
