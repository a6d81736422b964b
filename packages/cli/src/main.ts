import { CommanderError } from 'commander';
import { CommandError } from './errors.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { failureOf } from './failure.ts';
import { createProgram } from './program.ts';
import { InterruptedError } from './terminal/questions.ts';
import { safeLine } from './terminal/safe-text.ts';
import { paintFor } from './terminal/style.ts';
import type { Terminal } from './terminal/terminal.ts';

/**
 * Runs one command line.
 * @param words of the command line, without the names of Node.js and of the program
 * @param signal aborts at Ctrl-C
 * @returns the code with which the process ends
 */
export async function main(
  words: readonly string[],
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  let code: ExitCode = exitCodes.done;
  const endWith = (other: ExitCode) => {
    code = other;
  };
  try {
    await createProgram({ terminal, signal, endWith }).parseAsync(words, { from: 'user' });
    return code;
  } catch (error) {
    // It has said everything itself.
    if (error instanceof CommanderError) return error.exitCode === 0 ? code : exitCodes.usage;
    const isSilent = signal.aborted && !(error instanceof CommandError);
    if (isSilent || error instanceof InterruptedError) return exitCodes.interrupted;
    const failure = failureOf(error);
    const paint = paintFor(terminal, terminal.errors);
    terminal.note(`${paint('red', 'error:')} ${safeLine(failure.line)}`);
    return failure.code;
  }
}
