import { join } from 'node:path';
import { Child } from '../support/child.ts';
import { startServing } from '../support/serving-child.ts';
import type { Load, LoadMessage } from './load-process.ts';
import type { Sample } from './sample.ts';
import type { SubjectName } from './subject-names.ts';

/** A change of the flag of ours, at a time in milliseconds since the epoch. */
export interface FlagChange {
  readonly available: boolean;
  readonly atMs: number;
}

const stopTimeoutMs = 20_000;

/** A subject in its process. */
export interface RunningSubject extends AsyncDisposable {
  readonly port: number;
  readonly flagChanges: readonly FlagChange[];
}

export async function startSubject(name: SubjectName, redisUrl: string): Promise<RunningSubject> {
  const flagChanges: FlagChange[] = [];
  const child = await startServing({
    file: join(import.meta.dirname, 'subject-process.ts'),
    values: [name, redisUrl],
    onMessage: (message) => flagChanges.push(message as FlagChange),
  });
  return {
    port: child.port,
    flagChanges,
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}

/** The load generator in its process; it begins at once. */
export class RunningLoad implements AsyncDisposable {
  readonly #child = new Child({
    file: join(import.meta.dirname, 'load-process.ts'),
    values: [],
  });

  constructor(load: Load) {
    this.#child.send(load);
  }

  /** Sends nothing more, waits until every request has ended, and returns them all. */
  async stop(): Promise<readonly Sample[]> {
    const message: LoadMessage = { kind: 'stop' };
    const reply = await this.#child.ask(message, stopTimeoutMs);
    return (reply as { samples: readonly Sample[] }).samples;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#child[Symbol.asyncDispose]();
  }
}
