import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newMode, ScriptedProbes } from '../test/scripted-probes.ts';
import type { DegradedMode } from './degraded-mode.ts';
import { Monitor } from './monitor.ts';

let mode: DegradedMode;
let probes: ScriptedProbes;
let monitor: Monitor;

beforeEach(() => {
  vi.useFakeTimers();
  mode = newMode();
  probes = new ScriptedProbes();
  monitor = new Monitor({ mode, probes, reconcilers: [], healthCheckIntervalSeconds: 10 });
});
afterEach(() => {
  monitor.stop();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const refused = new Error('hard: ECONNREFUSED');

function gaps(times: readonly number[]): number[] {
  return times.slice(1).map((time, index) => time - (times[index] ?? time));
}

/** Redis goes away, is seen to, and the next probe is due. */
async function goDown(): Promise<void> {
  probes.answers = refused;
  mode.reportError(refused);
  probes.fullAt.length = 0;
  probes.pingAt.length = 0;
}

describe('while Redis is unavailable', () => {
  it('a full probe is sent every 250 ms, with jitter', async () => {
    await monitor.start();
    await goDown();
    await pass(60_000);
    const between = gaps(probes.fullAt);
    expect(Math.min(...between)).toBeGreaterThanOrEqual(200);
    expect(Math.max(...between)).toBeLessThanOrEqual(300);
    expect(new Set(between.map(Math.round)).size).toBeGreaterThan(20);
  });

  it('the pace is the same when probes are not answered', async () => {
    await monitor.start();
    await goDown();
    probes.answers = 'never';
    await pass(60_000);
    expect(Math.max(...gaps(probes.fullAt))).toBeLessThanOrEqual(300);
    expect(probes.pingAt).toEqual([]);
  });

  it('three good probes bring it back, within 900 ms', async () => {
    await monitor.start();
    await goDown();
    await pass(5000);
    probes.answers = 'at once';
    probes.fullAt.length = 0;
    await pass(900);
    expect(mode.isAvailable()).toBe(true);
    expect(probes.fullAt).toHaveLength(3);
  });

  it('one probe loop runs, whatever the load', async () => {
    await monitor.start();
    await goDown();
    for (let count = 0; count < 1000; count += 1) {
      mode.reportError(refused);
      mode.availability.recordSuccess();
      await pass(10);
    }
    expect(probes.fullAt.length).toBeLessThanOrEqual(50);
    // The monitor's timer and the stall watch.
    expect(vi.getTimerCount()).toBe(2);
  });
});

describe('a nudge', () => {
  it('makes it look at once', async () => {
    await monitor.start();
    await goDown();
    probes.answers = 'at once';
    monitor.nudge();
    await pass(0);
    expect(probes.fullAt).toHaveLength(1);
    await pass(600);
    expect(mode.isAvailable()).toBe(true);
  });

  it('during a probe that then fails makes it look again at once', async () => {
    await monitor.start();
    await goDown();
    probes.answers = 'never';
    monitor.nudge();
    await pass(100);
    probes.answers = 'at once';
    monitor.nudge();
    await pass(51);
    expect(probes.fullAt).toHaveLength(2);
  });

  it('does not hurry probes that are good: three of them need their time', async () => {
    await monitor.start();
    await goDown();
    probes.answers = 'at once';
    for (let count = 0; count < 50; count += 1) {
      monitor.nudge();
      await pass(1);
    }
    expect(probes.fullAt).toHaveLength(1);
  });

  it('means nothing while Redis is available, or after stop', async () => {
    await monitor.start();
    monitor.nudge();
    await pass(10);
    expect(probes.fullAt).toHaveLength(1);
    await goDown();
    monitor.stop();
    monitor.nudge();
    await pass(1000);
    expect(probes.fullAt).toEqual([]);
  });
});
