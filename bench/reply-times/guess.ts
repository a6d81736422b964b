/** Times in milliseconds of the same request for known and for unknown addresses. */
export interface Times {
  readonly known: readonly number[];
  readonly unknown: readonly number[];
}

/**
 * The share of addresses that a guesser classifies correctly by the time alone. The guesser
 * learns the best threshold from one half of the times (those at even positions) and is judged by
 * the other half, so 0.5 means that the time tells nothing. NaN of too few times.
 */
export function shareGuessedRight({ known, unknown }: Times): number {
  const rule = learn({ known: half(known, 0), unknown: half(unknown, 0) });
  const judged = { known: half(known, 1), unknown: half(unknown, 1) };
  return rightBy(rule, judged);
}

interface Rule {
  readonly thresholdMs: number;
  /** Whether the slower side is taken for known. */
  readonly slowIsKnown: boolean;
}

function half(times: readonly number[], parity: 0 | 1): number[] {
  return times.filter((_, index) => index % 2 === parity);
}

function learn(times: Times): Rule {
  let best: Rule = { thresholdMs: 0, slowIsKnown: true };
  let bestShare = 0;
  for (const thresholdMs of thresholdsBetween([...times.known, ...times.unknown])) {
    for (const slowIsKnown of [true, false]) {
      const share = rightBy({ thresholdMs, slowIsKnown }, times);
      if (share > bestShare) [best, bestShare] = [{ thresholdMs, slowIsKnown }, share];
    }
  }
  return best;
}

/** Halfway between neighbours: a time of the other half may lie just beyond one of this half. */
function thresholdsBetween(times: readonly number[]): number[] {
  const sorted = [...new Set(times)].sort((one, other) => one - other);
  return sorted.slice(1).map((time, index) => (time + (sorted[index] ?? time)) / 2);
}

function rightBy({ thresholdMs, slowIsKnown }: Rule, { known, unknown }: Times): number {
  const slowKnown = known.filter((time) => time > thresholdMs).length / known.length;
  const slowUnknown = unknown.filter((time) => time > thresholdMs).length / unknown.length;
  const share = (slowKnown + (1 - slowUnknown)) / 2;
  return slowIsKnown ? share : 1 - share;
}
