import { join } from 'node:path';
import { Child } from '../support/child.ts';
import { inTime } from '../support/in-time.ts';
import type { LoadFigures, LoadMessage, LoadReply } from './load-process.ts';
import type { SubjectName } from './subject-names.ts';
import type { Settings } from './subjects/subject.ts';

const startTimeoutMs = 30_000;
const stepTimeoutMs = 60_000;

type Told = { readonly kind: 'listening'; readonly port: number } | Unhandled;
type Unhandled = { readonly kind: 'unhandled'; readonly atMs: number };

/** An instance of a subject in its process. */
export class RunningInstance implements AsyncDisposable {
  readonly port: number;
  readonly #child: Child;
  readonly #unhandledAtMs: readonly number[];

  private constructor(child: Child, port: number, unhandledAtMs: readonly number[]) {
    this.#child = child;
    this.port = port;
    this.#unhandledAtMs = unhandledAtMs;
  }

  static async start(name: SubjectName, settings: Settings): Promise<RunningInstance> {
    const unhandledAtMs: number[] = [];
    const listening = Promise.withResolvers<number>();
    const child = new Child({
      file: join(import.meta.dirname, 'subject-process.ts'),
      values: [name, JSON.stringify(settings)],
      onMessage: (message) => {
        const told = message as Told;
        if (told.kind === 'listening') listening.resolve(told.port);
        else unhandledAtMs.push(told.atMs);
      },
    });
    try {
      const port = await inTime(listening.promise, startTimeoutMs, `the start of ${name}`);
      return new RunningInstance(child, port, unhandledAtMs);
    } catch (error) {
      await child[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** When Node would have ended it for a rejection that nobody handled; undefined for never. */
  get wouldHaveEndedAtMs(): number | undefined {
    return this.#unhandledAtMs[0];
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#child[Symbol.asyncDispose]();
  }
}

/** The load generator in its process. It does one thing at a time. */
export class RunningLoad implements AsyncDisposable {
  readonly #child: Child;
  #reply = Promise.withResolvers<LoadReply>();

  constructor() {
    this.#child = new Child({
      file: join(import.meta.dirname, 'load-process.ts'),
      values: [],
      onMessage: (message) => this.#reply.resolve(message as LoadReply),
    });
  }

  /** Has it do something. Resolves when it is done; rejects where it failed. */
  async ask(message: LoadMessage): Promise<LoadFigures | undefined> {
    this.#reply = Promise.withResolvers<LoadReply>();
    this.#child.send(message);
    const reply = await inTime(this.#reply.promise, stepTimeoutMs, `to ${message.kind}`);
    if (reply.kind === 'failed') throw new Error(`the load generator: ${reply.reason}`);
    return reply.figures;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#child[Symbol.asyncDispose]();
  }
}
