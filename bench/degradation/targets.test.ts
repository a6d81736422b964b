import { describe, expect, it } from 'vitest';
import { madeUpMeasures, madeUpThroughput, withP99 } from './made-up.ts';
import type { Measures } from './measure.ts';
import { type Target, targetsOf } from './targets.ts';

const fine = { kill: [madeUpMeasures()], freeze: [madeUpMeasures()] };
const blackHole = (...runs: Measures[]) => ({ ...fine, 'black hole': runs });
const kill = (...runs: Measures[]) => ({ ...blackHole(madeUpMeasures()), kill: runs });

function target(targets: readonly Target[], what: string): Target {
  const found = targets.find((one) => one.what === what);
  if (found === undefined) throw new Error(`there is no target "${what}"`);
  return found;
}

describe('a time to reach', () => {
  const seen = (...timesMs: number[]) => {
    const runs = timesMs.map((seenMs) => madeUpMeasures({ seenMs }));
    return target(targetsOf(kill(...runs), [madeUpThroughput]), 'kill detected within');
  };

  it('is reached at its limit and not above', () => {
    expect(seen(50)).toMatchObject({ value: 50, wanted: 'at most 50 ms', reached: true });
    expect(seen(50.1).reached).toBe(false);
  });

  it('is the median of the runs', () => {
    expect(seen(10, 20, 4000)).toMatchObject({ value: 20, reached: true });
  });

  it('is not reached if it never happened', () => {
    expect(seen(Number.NaN)).toMatchObject({ value: Number.NaN, reached: false });
    expect(seen(1, Number.NaN, Number.NaN).reached).toBe(false);
  });
});

describe('what a black hole adds', () => {
  const first = 'added p99, first second of a black hole';

  it('is the difference within each run, then the median of that', () => {
    const runs = [
      withP99({ before: 1, 'first second': 101 }),
      withP99({ before: 100, 'first second': 150 }),
      withP99({ before: 2, 'first second': 302 }),
    ];
    // That of the medians would be 148.
    expect(target(targetsOf(blackHole(...runs), []), first).value).toBe(100);
  });

  it('is judged separately for the first second and for later ones', () => {
    const targets = targetsOf(blackHole(withP99({ before: 2, 'first second': 300, later: 7 })), []);
    const later = target(targets, 'added p99, later seconds of a black hole');
    expect([target(targets, first).reached, later.value, later.reached]).toEqual([false, 5, true]);
  });
});

describe('the throughput that is kept', () => {
  const kept = (...runs: [normal: number, degraded: number][]) => {
    const throughput = runs.map(([normal, degraded]) => ({ normal, degraded }));
    const targets = targetsOf(blackHole(madeUpMeasures()), throughput);
    return target(targets, 'throughput without Redis ÷ normal');
  };

  it('is the ratio within each run, then the median of that', () => {
    expect(kept([100, 200], [1000, 900], [10, 11])).toMatchObject({ value: 1.1, unit: 'ratio' });
  });

  it('is reached at one', () => {
    expect([kept([100, 100]).reached, kept([100, 99]).reached, kept().reached]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
