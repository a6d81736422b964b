import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';

/** One bash that runs commands one after another, as a reader of the docs would. */
export interface Shell extends AsyncDisposable {
  /** Runs a command and returns what it printed. Rejects when it takes longer than 30 s. */
  run(command: string): Promise<string>;
}

const maxMs = 30_000;

export function openShell(directory: string): Shell {
  const bash = spawn('bash', ['--norc'], { cwd: directory, stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => bash.once('exit', resolve));
  const lines = createInterface({ input: bash.stdout });
  let received: string[] = [];
  let waiting: { mark: string; resolve: (output: string) => void } | undefined;
  lines.on('line', (line) => {
    if (waiting === undefined || !line.endsWith(waiting.mark)) {
      received.push(line);
      return;
    }
    // Output without a final newline stands before the mark on the same line.
    received.push(line.slice(0, -waiting.mark.length));
    waiting.resolve(received.join('\n').trimEnd());
  });
  return {
    run(command) {
      received = [];
      const mark = `done-${randomUUID()}`;
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`"${command}" did not end`)), maxMs);
        waiting = {
          mark,
          resolve: (output) => {
            clearTimeout(timer);
            resolve(output);
          },
        };
        bash.stdin.write(`${command}\necho ${mark}\n`);
      });
    },
    async [Symbol.asyncDispose]() {
      bash.stdin.end();
      await ended;
    },
  };
}
