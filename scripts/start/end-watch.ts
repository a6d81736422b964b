import { StackEnd } from './stack-end.ts';

const parentCheckMs = 500;

/**
 * Aborts when this process is asked to stop: by a signal, by the end of the process that started it
 * (npm killed with -9 tells nobody), or because nobody can read its output any more.
 */
export function watchForEnd(controller: AbortController): void {
  const end = (exitCode: number, reason: string) =>
    controller.abort(new StackEnd(exitCode, reason));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // Stays in place: npm passes on a Ctrl-C that the terminal has sent already.
    process.on(signal, () => end(0, signal));
  }
  const parent = process.ppid;
  const check = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(check);
    end(0, 'the process that started this has ended');
  }, parentCheckMs);
  check.unref();
  process.on('disconnect', () => end(0, 'the process that started this has ended'));
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => end(1, `the output cannot be written: ${error.message}`));
  }
}
