import { StackEnd } from './stack-end.ts';

const parentCheckMs = 500;
const parentEnded = 'its parent process ended';

/** Each signal's meaning, for a person who reads why the stack stopped. */
const signals = {
  SIGINT: 'it got SIGINT, as by Ctrl-C',
  SIGTERM: 'it got SIGTERM',
  SIGHUP: 'it got SIGHUP: its terminal or shell was closed',
} as const;

/**
 * Aborts when this process has to stop: on a signal, when its parent process ends (npm killed with
 * -9 sends no signal), or when nobody can read its output.
 */
export function watchForEnd(controller: AbortController): void {
  const end = (exitCode: number, reason: string) =>
    controller.abort(new StackEnd(exitCode, reason));
  for (const [signal, reason] of Object.entries(signals)) {
    // The listener stays: npm forwards a Ctrl-C that the terminal has already sent.
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
      // The reader of the output is often the parent process.
      if (isOrphan()) end(0, parentEnded);
      else end(1, `its output cannot be written: ${error.message}`);
    });
  }
}
