import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { boundRow, comeUp, goDown, refusalOf } from '../test/bound-row.ts';
import type { Shed } from './admission.ts';
import type { DegradedModeOptions } from './degraded-mode.ts';
import { failClosed, failOpen } from './fallback.ts';

/** A row with a port of each kind, whose mode is up. */
function openRow(options: Partial<DegradedModeOptions>) {
  const row = boundRow(
    { hitCounter: failOpen.local(), sessions: failClosed({ retryAfterSeconds: 7 }) },
    options,
  );
  const shed: Shed[] = [];
  row.mode.on('shed', (why) => shed.push(why));
  comeUp(row.mode);
  return { ...row, shed };
}

describe('a bulkhead', () => {
  it('gives calls beyond it their fallbacks, reported, and leaves the flag alone', async () => {
    const { handed, mode, redis, shed, taken } = openRow({ maxCallsUnderWay: 2 });
    redis.hangs = true;
    const held = [handed.hitCounter.add(1), handed.hitCounter.add(2)];
    expect(mode.admission?.bulkhead?.underWay).toBe(2);
    redis.hangs = false;
    expect(await handed.hitCounter.add(3)).toBe('local 3');
    await expect(handed.sessions.add(4)).rejects.toMatchObject({ port: 'sessions' });
    expect(shed).toEqual(['bulkhead', 'bulkhead']);
    expect(taken.map(({ port }) => port)).toEqual(['hitCounter', 'sessions']);
    expect(mode.isAvailable()).toBe(true);
    // They are given up after their limit, and have room for others then.
    expect(await Promise.all(held)).toEqual(['local 1', 'local 2']);
    expect(mode.admission?.bulkhead?.underWay).toBe(0);
    expect(await handed.hitCounter.add(5)).toBe('redis 5');
  });

  it('has room again after a success, a failure, an error that is thrown on, and a bug', async () => {
    const { handed, mode, redis } = openRow({ maxCallsUnderWay: 1 });
    await handed.hitCounter.add(1);
    for (const message of ['timeout: timed out', 'bug: WRONGTYPE', 'of no dependency']) {
      redis.error = new Error(message);
      await handed.hitCounter.add(1).catch(() => undefined);
      expect(mode.admission?.bulkhead?.underWay).toBe(0);
    }
    redis.error = undefined;
    expect(await handed.hitCounter.add(2)).toBe('redis 2');
  });

  it('counts no call that a fallback answers because the dependency is down', async () => {
    const { handed, mode, shed } = openRow({ maxCallsUnderWay: 1 });
    goDown(mode);
    expect(await handed.hitCounter.add(1)).toBe('local 1');
    expect([mode.admission?.bulkhead?.underWay, shed]).toEqual([0, []]);
  });
});

describe('a ramp', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const answersOf = async (handed: { hitCounter: { add(by: number): Promise<string> } }) =>
    Promise.all(Array.from({ length: 20 }, () => handed.hitCounter.add(1)));

  it('raises the load after an outage, not after the first contact', async () => {
    const { binding, handed, mode, shed } = openRow({ rampMs: 1000 });
    expect(new Set(await answersOf(handed))).toEqual(new Set(['redis 1']));
    goDown(mode);
    comeUp(mode);
    const answers = await answersOf(handed);
    expect(answers[0]).toBe('redis 1');
    expect(answers.filter((one) => one === 'local 1')).toHaveLength(18);
    expect(shed).toEqual(Array.from({ length: 18 }, () => 'ramp'));
    // Rows are open, so a call that is shed refuses in the middle of the handler.
    expect(refusalOf(binding)).toBeUndefined();
    vi.advanceTimersByTime(1000);
    expect(new Set(await answersOf(handed))).toEqual(new Set(['redis 1']));
  });
});
