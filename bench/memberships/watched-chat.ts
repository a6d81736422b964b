import { join } from 'node:path';
import { Child } from '../support/child.ts';
import { inTime } from '../support/in-time.ts';
import type { ChatReport, ChatSettings } from './chat-process.ts';

const timeoutMs = 30_000;

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
  readonly #child: Child;
  #report = Promise.withResolvers<ChatReport>();
  #port = 0;

  constructor(settings: ChatSettings) {
    this.#child = new Child({
      file: join(import.meta.dirname, 'chat-process.ts'),
      values: [JSON.stringify(settings)],
      nodeOptions: ['--expose-gc'],
      onMessage: (message) => this.#report.resolve(message as ChatReport),
    });
  }

  get port(): number {
    return this.#port;
  }

  async started(): Promise<void> {
    const report = await inTime(this.#report.promise, timeoutMs, 'the start of chat');
    if (report.kind !== 'listening') throw new Error(`chat did not start: ${report.kind}`);
    this.#port = report.port;
  }

  /** Does something, and says how long its event loop stood still at most meanwhile. */
  async during(work: () => Promise<unknown>): Promise<Watched> {
    await this.#ask('watch');
    const started = performance.now();
    await work();
    const tookMs = performance.now() - started;
    const report = await this.#ask('report');
    if (report.kind !== 'stalled') throw new Error(`chat reported ${report.kind}`);
    return { tookMs, stalledMs: report.longestMs, heapBytes: report.heapBytes };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#child[Symbol.asyncDispose]();
  }

  async #ask(what: 'watch' | 'report'): Promise<ChatReport> {
    this.#report = Promise.withResolvers<ChatReport>();
    this.#child.send(what);
    return inTime(this.#report.promise, timeoutMs, `to ${what}`);
  }
}
