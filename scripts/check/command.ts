import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, join } from 'node:path';
import type { Outcome } from './step.ts';

export interface CommandOptions {
  /** The working directory; its `node_modules/.bin` comes first in PATH. */
  readonly root: string;
  /** Shows output at once, not only after a failure. */
  readonly live?: boolean;
}

/**
 * Runs a program to its end, with nothing on stdin.
 *
 * @throws if it cannot start.
 */
export async function runCommand(
  program: string,
  args: readonly string[],
  { root, live = false }: CommandOptions,
): Promise<Outcome> {
  const bin = join(root, 'node_modules', '.bin');
  const child = spawn(program, args, {
    cwd: root,
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}` },
    stdio: ['ignore', live ? 'inherit' : 'pipe', live ? 'inherit' : 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const [code, signal] = await once(child, 'close');
  if (code === 0) return { status: 'passed' };
  const ending = signal === null ? `exit code ${code}` : `ended by ${signal}`;
  return { status: 'failed', output: `${output.trimEnd()}\n${program}: ${ending}`.trimStart() };
}
