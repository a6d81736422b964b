import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { Api } from './api.ts';
import { limitWords } from './limit-words.ts';

/** How often the server is asked whether everything is normal again, while it is not. */
const checkEveryMs = 4000;

export interface LimitsOptions {
  readonly api: Api;
  readonly checkEveryMs?: number;
}

/** What is limited now, in sentences for a person: noticed from replies, gone when normal again. */
export class Limits {
  readonly #api: Api;
  readonly #checkEveryMs: number;
  readonly #ports = signal<ReadonlySet<string>>(new Set());
  readonly #refusals = signal<ReadonlySet<string>>(new Set());
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  /** Whether something is limited. */
  readonly isLimited: ReadonlySignal<boolean> = computed(
    () => this.#ports.value.size + this.#refusals.value.size > 0,
  );

  /** Each limit that a person notices. */
  readonly sentences: ReadonlySignal<readonly string[]> = computed(() => {
    const ports = [...this.#ports.value].map((port) => limitWords[port] ?? '');
    return [...new Set([...this.#refusals.value, ...ports.filter((words) => words !== '')])];
  });

  constructor({ api, checkEveryMs: everyMs = checkEveryMs }: LimitsOptions) {
    this.#api = api;
    this.#checkEveryMs = everyMs;
  }

  /** A reply has used fallbacks for these ports. */
  noteDegraded(ports: readonly string[]): void {
    if (ports.some((port) => !this.#ports.value.has(port))) {
      this.#ports.value = new Set([...this.#ports.value, ...ports]);
    }
    this.#checkLater();
  }

  /** The server has refused something because its Redis is down, as `sentence` says. */
  noteRefusal(sentence: string): void {
    this.#refusals.value = new Set([...this.#refusals.value, sentence]);
    this.#checkLater();
  }

  /** Ends the checks. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #checkLater(): void {
    if (this.#isClosed) return;
    this.#timer ??= setTimeout(() => {
      void this.#check().finally(() => {
        this.#timer = undefined;
        if (this.isLimited.value) this.#checkLater();
      });
    }, this.#checkEveryMs);
  }

  async #check(): Promise<void> {
    try {
      const options = { retryForMs: 0 };
      const query = { fleet: 'true' } as const;
      const table = await this.#api.request('GET /v1/degraded', { query }, options);
      if (table.degraded || table.fleet?.degraded === true) return;
      this.#ports.value = new Set();
      this.#refusals.value = new Set();
    } catch {
      // The server cannot be reached: what was limited is so until it says otherwise.
    }
  }
}
