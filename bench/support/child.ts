import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** The time in milliseconds since the epoch, finer than `Date.now`; alike in every process here. */
export function epochMs(): number {
  return performance.timeOrigin + performance.now();
}

export interface ChildOptions {
  readonly file: string;
  readonly values: readonly string[];
  readonly nodeOptions?: readonly string[];
  /** Told of each message of the child. */
  readonly onMessage: (message: unknown) => void;
}

/**
 * A process of the benchmark. What it prints is dropped: some peers log each failed request, as
 * they would in production, and a terminal is not to be measured.
 */
export class Child implements AsyncDisposable {
  readonly #process: ChildProcess;

  constructor({ file, values, nodeOptions = [], onMessage }: ChildOptions) {
    this.#process = fork(file, values, {
      execArgv: [...nodeOptions],
      env: { ...process.env, NODE_ENV: 'production' },
      // Unlike JSON it knows NaN, which figures that there are not have.
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', process.env['BENCH_DEBUG'] === '1' ? 'inherit' : 'ignore', 'ipc'],
    });
    this.#process.on('message', onMessage);
  }

  send(message: object | string): void {
    this.#process.send(message);
  }

  /** Resolves when it has ended by itself, or was ended. */
  async ended(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      await once(this.#process, 'exit');
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = this.ended();
    this.#process.kill('SIGKILL');
    await ended;
  }
}

/** Sends a message to the process that started this one. */
export function tellParent(message: object): void {
  process.send?.(message);
}

/** To be called in a child: it ends with its parent, however that ends. */
export function endWithParent(): void {
  process.once('disconnect', () => process.exit(1));
}
