import { describe, expect, it } from 'vitest';
import { madeUpSample as sample } from './made-up.ts';
import { measure, throughputOf } from './measure.ts';
import { hungAfterMs, type Sample } from './sample.ts';
import { type FaultRun, spans } from './scenario.ts';

const beganMs = 10_000;
const servesMs = beganMs + spans.fault;

function run(samples: readonly Sample[], flagChanges: FaultRun['flagChanges'] = []): FaultRun {
  return { samples, flagChanges, beganMs, servesMs };
}

/** The slowest of each phase: with one request a phase, that request. */
function latencies(samples: readonly Sample[]) {
  const { before, 'first second': first, later, after } = measure(run(samples)).latencies;
  return [before, first, later, after].map(({ p999 }) => p999);
}

describe('the phase that a request counts in', () => {
  it('is that in which it was due', () => {
    expect(
      latencies([
        sample(beganMs - 1500, 1),
        sample(beganMs, 2),
        sample(beganMs + 1000, 3),
        sample(servesMs + 1500, 4),
      ]),
    ).toEqual([1, 2, 3, 4]);
    expect(
      latencies([
        sample(beganMs - 10, 1),
        sample(beganMs + 999, 2),
        sample(beganMs + 3999, 3),
        sample(servesMs + 2700, 4),
      ]),
    ).toEqual([1, 2, 3, 4]);
  });

  it('is the first second for requests in flight when the fault began', () => {
    expect(latencies([sample(beganMs - 100, 99), sample(beganMs - 100, 100)])).toEqual([
      99,
      100,
      Number.NaN,
      Number.NaN,
    ]);
  });

  it('is none in the warm-up, in the rest of the fault and while Redis is coming back', () => {
    const outside = [beganMs - 1501, beganMs + 4000, servesMs - 1, servesMs + 1499];
    const none = [Number.NaN, Number.NaN, Number.NaN, Number.NaN];
    expect(latencies(outside.map((dueMs) => sample(dueMs)))).toEqual(none);
  });
});

describe('what hangs', () => {
  const hung = sample(beganMs, hungAfterMs, 'hung');

  it('enters the percentiles with the cap, and is no failure of zero milliseconds', () => {
    const first = [sample(beganMs + 1, 1), hung, { ...hung, dueMs: beganMs + 2 }];
    expect(measure(run(first)).latencies['first second'].p50).toBe(hungAfterMs);
    expect(measure(run(first)).failures).toEqual(new Map([['hung', 2]]));
  });

  it('does not count as a reply that shows the fault', () => {
    const { firstDegradedMs, seenMs } = measure(run([hung]));
    expect([firstDegradedMs, seenMs]).toEqual([Number.NaN, Number.NaN]);
  });
});

describe('when the fault was seen', () => {
  const local = (dueMs: number, latencyMs: number) => sample(dueMs, latencyMs, 'local');

  it('is when the first reply without Redis came, whenever it was due', () => {
    const late = local(beganMs - 50, 350);
    const early = local(beganMs + 100, 150);
    expect(measure(run([late, early])).firstDegradedMs).toBe(250);
    expect(measure(run([late, early])).seenMs).toBe(250);
    expect(measure(run([sample(beganMs, 30, 'ECONNRESET'), early])).firstDegradedMs).toBe(30);
  });

  it('is never if no reply showed it while it lasted', () => {
    const outside = [local(beganMs - 20, 10), local(servesMs, 0), sample(beganMs, 1)];
    expect(measure(run(outside)).firstDegradedMs).toBeNaN();
  });

  it('is what the flag says if there is one', () => {
    const flags = [
      { available: true, atMs: beganMs - 3000 },
      { available: false, atMs: beganMs - 2000 },
      { available: false, atMs: beganMs + 7 },
      { available: true, atMs: servesMs + 800 },
    ];
    const { seenMs, recoveredMs } = measure(run([local(beganMs, 3)], flags));
    expect([seenMs, recoveredMs]).toEqual([7, 800]);
  });

  it('is never if the flag stayed, whatever the replies say', () => {
    const up = [{ available: true, atMs: beganMs - 3000 }];
    const { seenMs, recoveredMs, firstDegradedMs } = measure(run([local(beganMs, 3)], up));
    expect([seenMs, recoveredMs, firstDegradedMs]).toEqual([Number.NaN, Number.NaN, 3]);
  });

  it('is over with the first normal reply after Redis served again', () => {
    const samples = [sample(beganMs, 1), sample(servesMs - 40, 100), sample(servesMs + 10, 90)];
    const { firstNormalMs, recoveredMs } = measure(run(samples));
    expect([firstNormalMs, recoveredMs]).toEqual([60, 60]);
  });
});

describe('what was answered', () => {
  it('counts answers within a second to what was due during the fault', () => {
    const during = [
      sample(beganMs, 1000, 'local'),
      sample(beganMs, 1001, 'local'),
      sample(beganMs + 1, 1, 'none'),
      sample(beganMs + 2, 1, '500'),
      sample(servesMs - 1, 1, 'redis'),
    ];
    const others = [sample(beganMs - 1, 1), sample(servesMs, 1)];
    const { dueDuringFault, answeredInTime, failures } = measure(run([...during, ...others]));
    expect([dueDuringFault, answeredInTime]).toEqual([5, 3]);
    expect(failures).toEqual(new Map([['500', 1]]));
  });
});

describe('throughput', () => {
  const answers = (count: number, outcome = 'redis') =>
    Array.from({ length: count }, (_, index) => sample(beganMs + index, 1, outcome));

  it('is answers a second, the normal ones as the mean of before and after', () => {
    const counted = throughputOf({
      normal: [answers(300), answers(600)],
      degraded: answers(750, 'local'),
    });
    expect(counted).toEqual({ normal: 300, degraded: 500 });
  });

  it('leaves out errors, and what ended after the span that the first request begins', () => {
    const inTime = sample(beganMs, spans.throughput);
    const late = sample(beganMs + 1, spans.throughput);
    const some = [late, inTime, sample(beganMs + 5, 1, '500')];
    expect(throughputOf({ normal: [some, some], degraded: [] })).toEqual({
      normal: 1000 / spans.throughput,
      degraded: 0,
    });
  });
});
