import { StackEnd } from './stack-end.ts';

const parentCheckMs = 500;
const parentEnded = 'its parent process ended';

/** What a signal means to whoever reads why everything has stopped. */
const signals = {
  SIGINT: 'it got SIGINT, as by Ctrl-C',
  SIGTERM: 'it got SIGTERM',
  SIGHUP: 'it got SIGHUP: its terminal or shell was closed',
} as const;

/**
 * Aborts when this process is asked to stop: by a signal, by the end of the process that started it
 * (npm killed with -9 tells nobody), or because nobody can read its output any more.
 */
export function watchForEnd(controller: AbortController): void {
  const end = (exitCode: number, reason: string) =>
    controller.abort(new StackEnd(exitCode, reason));
  for (const [signal, reason] of Object.entries(signals)) {
    // Stays in place: npm passes on a Ctrl-C that the terminal has sent already.
    process.on(signal, () => end(0, reason));
  }
  const parent = process.ppid;
  const isOrphan = (): boolean => process.ppid !== parent;
  const check = setInterval(() => {
    if (!isOrphan()) return;
    clearInterval(check);
    end(0, parentEnded);
  }, parentCheckMs);
  check.unref();
  process.on('disconnect', () => end(0, parentEnded));
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      // Whoever read it has often been whoever started it.
      if (isOrphan()) end(0, parentEnded);
      else end(1, `its output cannot be written: ${error.message}`);
    });
  }
}
