import { join } from 'node:path';
import { Child } from '../support/child.ts';
import { inTime } from '../support/in-time.ts';
import type { Load, LoadMessage } from './load-process.ts';
import type { Sample } from './sample.ts';
import type { SubjectName } from './subject-names.ts';

/** A change of the flag of ours, at a time in milliseconds since the epoch. */
export interface FlagChange {
  readonly available: boolean;
  readonly atMs: number;
}

const startTimeoutMs = 20_000;
const stopTimeoutMs = 20_000;

/** A subject in its process. */
export class RunningSubject implements AsyncDisposable {
  readonly port: number;
  readonly flagChanges: readonly FlagChange[];
  readonly #child: Child;

  private constructor(child: Child, port: number, flagChanges: readonly FlagChange[]) {
    this.#child = child;
    this.port = port;
    this.flagChanges = flagChanges;
  }

  static async start(name: SubjectName, redisUrl: string): Promise<RunningSubject> {
    const flagChanges: FlagChange[] = [];
    const listening = Promise.withResolvers<number>();
    const child = new Child({
      file: join(import.meta.dirname, 'subject-process.ts'),
      values: [name, redisUrl],
      onMessage: (message) => {
        const told = message as
          | { kind: 'listening'; port: number }
          | ({ kind: 'flag' } & FlagChange);
        if (told.kind === 'listening') listening.resolve(told.port);
        else flagChanges.push(told);
      },
    });
    try {
      const port = await inTime(listening.promise, startTimeoutMs, `the start of ${name}`);
      return new RunningSubject(child, port, flagChanges);
    } catch (error) {
      await child[Symbol.asyncDispose]();
      throw error;
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#child[Symbol.asyncDispose]();
  }
}

/** The load generator in its process; it begins at once. */
export class RunningLoad implements AsyncDisposable {
  readonly #samples = Promise.withResolvers<readonly Sample[]>();
  readonly #child: Child;

  constructor(load: Load) {
    this.#child = new Child({
      file: join(import.meta.dirname, 'load-process.ts'),
      values: [],
      onMessage: (message) => {
        this.#samples.resolve((message as { samples: readonly Sample[] }).samples);
      },
    });
    this.#send(load);
  }

  /** Sends nothing more, waits until every request has ended, and returns them all. */
  stop(): Promise<readonly Sample[]> {
    this.#send({ kind: 'stop' });
    return inTime(this.#samples.promise, stopTimeoutMs, 'the end of the load');
  }

  #send(message: LoadMessage): void {
    this.#child.send(message);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#child[Symbol.asyncDispose]();
  }
}
