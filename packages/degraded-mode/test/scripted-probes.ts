import { type Classify, type DataChange, DegradedMode, type Probes } from '../src/index.ts';

/** A command without an answer is given up after this long. */
const commandTimeoutMs = 150;

/** Errors whose message is `hard: …`, `timeout: …` or `bug: …` are of Redis; others are not. */
export const classify: Classify = (error) => {
  const match = error instanceof Error ? /^(hard|timeout|bug): (.*)$/.exec(error.message) : null;
  const [, severity, reason] = match ?? [];
  if (reason === undefined) return undefined;
  if (severity === 'hard' || severity === 'bug') return { severity, reason };
  return { severity: 'timeout', reason };
};

export const newMode = (): DegradedMode => new DegradedMode({ service: 'test', classify });

/** Probes that do as they are told, and note when they were asked. */
export class ScriptedProbes implements Probes {
  answers: 'at once' | 'never' | Error = 'at once';
  change: DataChange = 'sameData';
  readonly fullAt: number[] = [];
  readonly pingAt: number[] = [];
  readonly #waiting: (() => void)[] = [];

  /** Answers what waits, and from now on at once. */
  thaw(): void {
    this.answers = 'at once';
    for (const answer of this.#waiting.splice(0)) answer();
  }

  async full(): Promise<void> {
    this.fullAt.push(performance.now());
    await this.#reply();
  }

  async ping(): Promise<void> {
    this.pingAt.push(performance.now());
    await this.#reply();
  }

  async dataChange(): Promise<DataChange> {
    await this.#reply();
    const { change } = this;
    this.change = 'sameData';
    return change;
  }

  async #reply(): Promise<void> {
    if (this.answers instanceof Error) throw this.answers;
    if (this.answers === 'at once') return;
    await new Promise<void>((resolve, reject) => {
      this.#waiting.push(resolve);
      setTimeout(() => reject(new Error('timeout: timed out')), commandTimeoutMs);
    });
  }
}
