import { join } from 'node:path';
import { Child } from '../support/child.ts';
import { startServing } from '../support/serving-child.ts';
import type { LoadFigures, LoadMessage, LoadReply } from './load-process.ts';
import type { SubjectName } from './subject-names.ts';
import type { Settings } from './subjects/subject.ts';

const stepTimeoutMs = 60_000;

/** An instance of a subject in its process. */
export interface RunningInstance extends AsyncDisposable {
  readonly port: number;
  /** When Node would have ended it for a rejection that nobody handled; undefined for never. */
  readonly wouldHaveEndedAtMs: number | undefined;
}

export async function startInstance(
  name: SubjectName,
  settings: Settings,
): Promise<RunningInstance> {
  const unhandledAtMs: number[] = [];
  const child = await startServing({
    file: join(import.meta.dirname, 'subject-process.ts'),
    values: [name, JSON.stringify(settings)],
    onMessage: (message) => unhandledAtMs.push((message as { atMs: number }).atMs),
  });
  return {
    port: child.port,
    get wouldHaveEndedAtMs() {
      return unhandledAtMs[0];
    },
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}

/** The load generator in its process. It does one thing at a time. */
export class RunningLoad implements AsyncDisposable {
  readonly #child = new Child({
    file: join(import.meta.dirname, 'load-process.ts'),
    values: [],
  });

  /** Has it do something. Resolves when it is done; rejects where it failed. */
  async ask(message: LoadMessage): Promise<LoadFigures | undefined> {
    const reply = (await this.#child.ask(message, stepTimeoutMs)) as LoadReply;
    if (reply.kind === 'failed') throw new Error(`the load generator: ${reply.reason}`);
    return reply.figures;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#child[Symbol.asyncDispose]();
  }
}
