import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

/** One kind of request of a load. */
export interface Kind {
  readonly name: string;
  /** Of the whole load, in parts. */
  readonly share: number;
  send(signal: AbortSignal): Promise<Response>;
  /** What it may be answered, as `outcomeOf` words it. */
  readonly declared: readonly string[];
}

/** How often each kind had each outcome: `listing conversations: 200` → 1234. */
export type Outcomes = Readonly<Record<string, number>>;

/** Longer than this nobody waits. */
const maxMs = 10_000;
const tickMs = 10;

/** A machine that is too slow for the rate gets a lower one, rather than ever more at a time. */
const mostUnderWay = 50;
/** What a busy moment has held up is sent after it, so that the rate holds on the whole. */
const maxBehindSeconds = 10;

/**
 * A steady stream of requests, each sent when it is due, whether those before are answered or not; later
 * where too many are under way.
 */
export class Load {
  readonly #kinds: readonly Kind[];
  readonly #outcomes = new Map<string, number>();
  readonly #undeclared = new Map<string, number>();
  readonly #stop = new AbortController();
  readonly #underWay = new Set<Promise<void>>();
  readonly #sending: Promise<void>;
  readonly #startedAt = performance.now();
  readonly #failedSeconds = new Set<number>();

  constructor(kinds: readonly Kind[], perSecond: number) {
    // Dealt out evenly, so that a second holds some of each.
    this.#kinds = kinds.flatMap((kind) => Array.from({ length: kind.share }, () => kind));
    this.#sending = this.#send(perSecond);
  }

  async #send(perSecond: number): Promise<void> {
    let turn = 0;
    let lastAt = performance.now();
    let due = 0;
    while (!this.#stop.signal.aborted) {
      await delay(tickMs);
      const now = performance.now();
      const added = ((now - lastAt) / 1000) * perSecond;
      due = Math.min(due + added, maxBehindSeconds * perSecond);
      lastAt = now;
      for (; due >= 1 && this.#underWay.size < mostUnderWay; due -= 1, turn += 1) this.#ask(turn);
    }
  }

  #ask(turn: number): void {
    const kind = this.#kinds[(turn * 7) % this.#kinds.length];
    if (kind === undefined) return;
    const sentAt = performance.now();
    const asked = outcomeOf(kind).then(({ outcome, text }) => {
      count(this.#outcomes, `${kind.name}: ${outcome}`);
      if (kind.declared.includes(outcome)) return;
      count(this.#undeclared, `${kind.name}: ${outcome}`);
      const second = Math.floor((sentAt - this.#startedAt) / 1000);
      // The first of a second: its time leads to the lines of the containers' logs.
      if (!this.#failedSeconds.has(second)) {
        process.stderr.write(`${new Date().toISOString()} ${kind.name}: ${outcome} ${text}\n`);
      }
      this.#failedSeconds.add(second);
    });
    this.#underWay.add(asked);
    void asked.finally(() => this.#underWay.delete(asked));
  }

  /** Sends no more, waits for what is under way, says what came of it all, and prints it. */
  async end(): Promise<Result> {
    this.#stop.abort();
    const seconds = (performance.now() - this.#startedAt) / 1000;
    await this.#sending;
    await Promise.all(this.#underWay);
    const total = [...this.#outcomes.values()].reduce((sum, times) => sum + times, 0);
    const outcomes = sorted(this.#outcomes);
    const rate = (total / seconds).toFixed(0);
    const counts = JSON.stringify(outcomes, undefined, 2);
    process.stderr.write(
      `${total} requests in ${seconds.toFixed(0)} s, ${rate} a second: ${counts}\n`,
    );
    const failedSeconds = this.#failedSeconds.size;
    return { total, outcomes, undeclared: sorted(this.#undeclared), failedSeconds };
  }
}

export interface Result {
  readonly total: number;
  readonly outcomes: Outcomes;
  readonly undeclared: Outcomes;
  /** In how many seconds a request was sent that was not answered as declared. */
  readonly failedSeconds: number;
}

async function outcomeOf(kind: Kind): Promise<{ outcome: string; text: string }> {
  try {
    const response = await kind.send(AbortSignal.timeout(maxMs));
    const text = await response.text();
    const { status } = response;
    return { outcome: status === 503 ? `503 ${text}` : String(status), text };
  } catch (error) {
    return { outcome: `no answer (${causeOf(error)})`, text: '' };
  }
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error ? `${error.message}: ${cause.message}` : error.message;
}

function count(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}

function sorted(counts: ReadonlyMap<string, number>): Outcomes {
  return Object.fromEntries([...counts].sort(([a], [b]) => a.localeCompare(b)));
}

/** A name that nobody has used. */
export const freshName = (): string => `load_${randomUUID().slice(0, 8)}`;
