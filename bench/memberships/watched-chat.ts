import { join } from 'node:path';
import { type ServingChild, startServing } from '../support/serving-child.ts';
import type { Stalled } from './chat-process.ts';

const answerLimitMs = 30_000;

/** How long something took, and what it has cost. */
export interface Watched {
  readonly tookMs: number;
  /** For so long it kept chat from doing anything else. */
  readonly stalledMs: number;
  /** What chat keeps in memory afterwards. */
  readonly heapBytes: number;
}

/** An instance of chat in a process of its own, whose event loop is watched. */
export class WatchedChat implements AsyncDisposable {
  readonly #child: ServingChild;

  private constructor(child: ServingChild) {
    this.#child = child;
  }

  static async start(variables: NodeJS.ProcessEnv): Promise<WatchedChat> {
    return new WatchedChat(
      await startServing({
        file: join(import.meta.dirname, 'chat-process.ts'),
        values: [JSON.stringify(variables)],
        nodeOptions: ['--expose-gc'],
      }),
    );
  }

  get port(): number {
    return this.#child.port;
  }

  /** Does something, and measures the longest stall of the event loop meanwhile. */
  async during(work: () => Promise<unknown>): Promise<Watched> {
    await this.#child.ask('watch', answerLimitMs);
    const started = performance.now();
    await work();
    const tookMs = performance.now() - started;
    const { maxStallMs, heapBytes } = (await this.#child.ask('report', answerLimitMs)) as Stalled;
    return { tookMs, stalledMs: maxStallMs, heapBytes };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child[Symbol.asyncDispose]();
  }
}
