import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { jsonLine } from './safe-text.ts';

interface TerminalSize {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

/** Where a command reads and writes. */
export interface Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable & TerminalSize;
  readonly errors: Writable & TerminalSize;
  /** A line of the result. */
  writeLine(line: string): void;
  writeLines(lines: readonly string[]): void;
  /** A value of the result, for programs, on a line. */
  writeJson(value: unknown): void;
  /** Ends when what was written is handed over: a reader may be slower than the writer. */
  written(): Promise<void>;
  /** A line beside the result: a warning, a state, an error. */
  note(line: string): void;
}

/** That of this process. A reader that has gone, such as `head`, ends the process in silence. */
export function processTerminal(): Terminal {
  const { env: environment, stderr: errors, stdin: input, stdout: output } = process;
  output.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
  return terminalOf({ environment, input, output, errors });
}

export function terminalOf(
  streams: Pick<Terminal, 'environment' | 'input' | 'output' | 'errors'>,
): Terminal {
  const { errors, output } = streams;
  return {
    ...streams,
    writeLine: (line) => void output.write(`${line}\n`),
    writeLines: (lines) => void output.write(lines.map((line) => `${line}\n`).join('')),
    written: async () => {
      if (output.writableNeedDrain) await once(output, 'drain');
    },
    writeJson: (value) => void output.write(`${jsonLine(value)}\n`),
    note: (line) => void errors.write(`${line}\n`),
  };
}
