import { describe, expect, it } from 'vitest';
import type { SlowSpan } from '../support/redis-watch.ts';
import { madeUp, outage } from './invariants/made-up.ts';
import { coveredMs, outagesOf, overlaps, starvedSpansOf } from './outages.ts';

const slow = (beginMs: number, endMs: number): SlowSpan => ({
  ...{ beginMs, endMs, isLate: false, workedMs: 10 },
});

const line = (atMs: number, instance: string, msg: string) => ({
  atMs,
  instance,
  level: 'warn',
  msg,
  text: msg,
});
const [entered, recovered] = ['Redis entered degraded mode', 'Redis recovered from degraded mode'];

it('knows when Redis was down, and when instances were in degraded mode by their logs', () => {
  const history = madeUp({
    faults: [outage(1000, 2000)],
    logs: [
      line(1100, 'auth-1', entered),
      line(1200, 'chat-1', entered),
      line(4000, 'auth-1', recovered),
      line(9000, 'chat-2', entered),
    ],
    restarts: [{ instance: 'chat-1', beginMs: 1500, endMs: 1800 }],
  });
  expect(outagesOf(history)).toEqual([
    { beginMs: 1000, endMs: 2500 },
    { beginMs: 600, endMs: 4500 },
    { beginMs: 700, endMs: 1800 },
    { beginMs: 8500, endMs: Number.POSITIVE_INFINITY },
  ]);
  expect(overlaps(outagesOf(history), 4501, 8000)).toBe(false);
  expect(overlaps(outagesOf(history), 4499, 8000)).toBe(true);
});

it('does not take a restart of an instance for an outage of Redis', () => {
  const planned = { kind: 'instance restarted', atMs: 0, lastsMs: 0 } as const;
  expect(outagesOf(madeUp({ faults: [{ planned, beginMs: 0, endMs: 100 }] }))).toEqual([]);
});

it('takes a Redis that is slow to answer for an outage, for a moment', () => {
  expect(outagesOf(madeUp({ slow: [slow(100, 300)] }))).toEqual([{ beginMs: 100, endMs: 800 }]);
});

describe('the time that the machine did not have', () => {
  const starved = (...spans: SlowSpan[]) =>
    coveredMs(starvedSpansOf(madeUp({ slow: spans, faults: [outage(5000, 6000)] })), 0, 10_000);

  it('is when Redis was slow without being frozen, each moment once', () => {
    expect(starved(slow(100, 300), slow(200, 400), slow(250, 260), slow(900, 1000))).toBe(400);
    expect(starved(slow(5500, 6000), slow(6000, 6600))).toBe(0);
  });

  it('is when this process was too late, also while Redis was frozen', () => {
    expect(starved({ ...slow(5100, 5400), isLate: true })).toBe(300);
  });

  it('is not when this process itself was busy', () => {
    expect(starved({ ...slow(100, 300), isLate: true, workedMs: 150 })).toBe(0);
    expect(starved({ ...slow(100, 300), workedMs: 150 })).toBe(0);
  });
});
