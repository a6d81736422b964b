/** The outcome of one step of the gate. A note or reason is one line; output is shown unchanged. */
export type Outcome =
  | { readonly status: 'passed'; readonly note?: string }
  | { readonly status: 'failed'; readonly output: string }
  | { readonly status: 'left out'; readonly reason: string };

export interface Step {
  readonly name: string;
  run(): Promise<Outcome>;
}

export interface StepReport {
  readonly name: string;
  readonly outcome: Outcome;
  readonly elapsedMs: number;
}

/** Passed with `note` if there is no finding, otherwise failed with one finding per line. */
export function outcomeOf(findings: readonly string[], note: string): Outcome {
  return findings.length === 0
    ? { status: 'passed', note }
    : { status: 'failed', output: findings.join('\n') };
}
