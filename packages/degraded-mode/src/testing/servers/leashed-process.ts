import type { ChildProcess } from 'node:child_process';
import { holdsWithin } from './wait.ts';

/** A running child process, and how it ended. */
export class LeashedProcess {
  readonly child: ChildProcess;
  /** Resolves when the process has ended, with the way it did: 'exit code 1', 'SIGKILL'. */
  readonly ended: Promise<string>;
  #ending: string | undefined;

  constructor(child: ChildProcess) {
    this.child = child;
    this.ended = new Promise((resolve) => {
      const end = (how: string) => {
        this.#ending = how;
        resolve(how);
      };
      child.once('error', (error) => end(error.message));
      child.once('exit', (code, signal) => end(signal ?? `exit code ${code}`));
    });
  }

  /** 0 if the process did not start. */
  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** How the process ended; undefined while it runs. */
  get ending(): string | undefined {
    return this.#ending;
  }

  get running(): boolean {
    return this.#ending === undefined;
  }

  /** Sends a signal, unless the process has ended. */
  signal(signal: NodeJS.Signals): void {
    if (this.running) this.child.kill(signal);
  }

  /** Sends `signal`, then SIGKILL if the process does not end in time. */
  async stop(signal: NodeJS.Signals, timeoutMs = 10_000): Promise<void> {
    this.signal(signal);
    this.signal('SIGCONT'); // a frozen process would not see the signal
    if (await holdsWithin(() => !this.running, { timeoutMs })) return;
    this.signal('SIGKILL');
    await this.ended;
  }
}
