import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { basename } from 'node:path';
import { within } from '@secureconnect/degraded-mode';

/** The time in milliseconds since the epoch, finer than `Date.now`; alike in every process here. */
export function epochMs(): number {
  return performance.timeOrigin + performance.now();
}

export interface ChildOptions {
  readonly file: string;
  readonly values: readonly string[];
  readonly nodeOptions?: readonly string[];
  /** Told of each message of the child. */
  readonly onMessage?: (message: unknown) => void;
}

/**
 * A process of the benchmark. What it prints is dropped: some peers log each failed request, as
 * they would in production, and a terminal is not to be measured.
 */
export class Child implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #file: string;
  readonly #ended: Promise<unknown>;

  constructor({ file, values, nodeOptions = [], onMessage }: ChildOptions) {
    this.#process = fork(file, values, {
      execArgv: [...nodeOptions],
      env: { ...process.env, NODE_ENV: 'production' },
      // Unlike JSON it has NaN, which stands for missing figures.
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', process.env['BENCH_DEBUG'] === '1' ? 'inherit' : 'ignore', 'ipc'],
    });
    this.#file = file;
    this.#ended = once(this.#process, 'exit');
    if (onMessage !== undefined) this.#process.on('message', onMessage);
  }

  get pid(): number {
    const { pid } = this.#process;
    if (pid === undefined) throw new Error(`${basename(this.#file)} was not started`);
    return pid;
  }

  send(message: object | string): void {
    this.#process.send(message);
  }

  /** Sends a message and resolves to the next message of the child; rejects as `beforeEnd` does. */
  async ask(message: object | string, limitMs: number): Promise<unknown> {
    const answer = once(this.#process, 'message');
    this.send(message);
    const [reply] = await this.beforeEnd(answer, limitMs, 'an answer');
    return reply;
  }

  /** Settles like `work`; rejects if the child ends before, or after `limitMs`. */
  beforeEnd<T>(work: Promise<T>, limitMs: number, what: string): Promise<T> {
    const file = basename(this.#file);
    const ended = this.#ended.then(() => Promise.reject(new Error(`${file} ended before ${what}`)));
    return within(Promise.race([work, ended]), limitMs, `${what} of ${file}`);
  }

  /** Resolves when it has ended by itself, or was ended. */
  async ended(): Promise<void> {
    await this.#ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#ended;
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
