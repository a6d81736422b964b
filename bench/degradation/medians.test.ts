import { describe, expect, it } from 'vitest';
import { madeUpMeasures, withP99 } from './made-up.ts';
import { medianMeasures } from './medians.ts';

describe('the median of runs', () => {
  it('is taken of each measure separately', () => {
    const runs = [
      madeUpMeasures({ seenMs: 1, recoveredMs: 30, answeredInTime: 900 }),
      madeUpMeasures({ seenMs: 3, recoveredMs: 10, answeredInTime: 1000 }),
      madeUpMeasures({ seenMs: 2, recoveredMs: 20, answeredInTime: 800 }),
    ];
    const { seenMs, recoveredMs, answeredInTime } = medianMeasures(runs);
    expect([seenMs, recoveredMs, answeredInTime]).toEqual([2, 20, 900]);
  });

  it('is taken of each percentile of each phase', () => {
    const runs = [
      withP99({ later: 5, after: 100 }),
      withP99({ later: 50, after: 1 }),
      withP99({ later: 6, after: 7 }),
    ];
    const { later, after, before } = medianMeasures(runs).latencies;
    expect([later.p99, after.p99, before]).toEqual([6, 7, { p50: 1, p99: 2, p999: 3 }]);
  });

  it('has not seen what half of the runs did not see', () => {
    const never = madeUpMeasures({ seenMs: Number.NaN });
    expect(medianMeasures([never, madeUpMeasures()]).seenMs).toBeNaN();
    expect(medianMeasures([never, madeUpMeasures(), madeUpMeasures()]).seenMs).toBe(10);
  });

  it('counts a kind of failure as none in a run without it, and leaves out what most had not', () => {
    const runs = [
      madeUpMeasures({ failures: new Map([['hung', 40]]) }),
      madeUpMeasures({
        failures: new Map([
          ['hung', 20],
          ['500', 3],
        ]),
      }),
      madeUpMeasures(),
    ];
    expect(medianMeasures(runs).failures).toEqual(new Map([['hung', 20]]));
  });
});
