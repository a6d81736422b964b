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
  monitor = new Monitor(quietOptions());
});
afterEach(() => {
  monitor.stop();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const quietOptions = () => ({ mode, probes, reconcilers: [], healthCheckIntervalSeconds: 10 });
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const refused = new Error('hard: ECONNREFUSED');

function gaps(times: readonly number[]): number[] {
  return times.slice(1).map((time, index) => time - (times[index] ?? time));
}

describe('the first contact', () => {
  it('is known when start resolves', async () => {
    await monitor.start();
    expect(mode.isAvailable()).toBe(true);
    expect(probes.fullAt).toHaveLength(1);
  });

  it('resolves degraded when Redis is absent', async () => {
    probes.answers = refused;
    await monitor.start();
    expect(mode.availability.state).toBe('unavailable');
    expect(mode.availability.reason).toBe('ECONNREFUSED');
  });

  it('resolves degraded when Redis does not answer, after one time-out', async () => {
    probes.answers = 'never';
    const started = monitor.start();
    await pass(150);
    await started;
    expect(mode.availability.state).toBe('unavailable');
  });

  it('waits for the first connection, but not for long', async () => {
    let connect = (): void => undefined;
    const connected = () =>
      new Promise<void>((resolve) => {
        connect = resolve;
      });
    monitor = new Monitor({ ...quietOptions(), probes: Object.assign(probes, { connected }) });
    const started = monitor.start();
    await pass(400);
    monitor.nudge();
    await pass(50);
    expect(probes.fullAt).toEqual([]);
    connect();
    await started;
    expect(mode.isAvailable()).toBe(true);
    monitor.stop();

    const restarted = monitor.start();
    await pass(499);
    expect(probes.fullAt).toHaveLength(1);
    await pass(1);
    await restarted;
    expect(probes.fullAt).toHaveLength(2);
  });

  it('is tried also when the first connection failed', async () => {
    const connected = () => Promise.reject(refused);
    monitor = new Monitor({ ...quietOptions(), probes: Object.assign(probes, { connected }) });
    await monitor.start();
    expect(probes.fullAt).toHaveLength(1);
  });

  it('is made once, however often it is requested', async () => {
    await Promise.all([monitor.start(), monitor.start()]);
    expect(probes.fullAt).toHaveLength(1);
  });
});

describe('while Redis is available', () => {
  it('the pace of the probes can be chosen', async () => {
    monitor = new Monitor({ ...quietOptions(), timing: { idleMs: 1000 } });
    await monitor.start();
    await pass(3500);
    expect(probes.pingAt).toHaveLength(3);
  });

  it('a full probe is sent every health check interval', async () => {
    await monitor.start();
    await pass(60_500);
    expect(probes.fullAt).toHaveLength(7);
    for (const gap of gaps(probes.fullAt)) {
      expect(gap).toBeGreaterThanOrEqual(10_000);
      expect(gap).toBeLessThanOrEqual(10_250);
    }
  });

  it('an idle process pings 250 ms after the last answer', async () => {
    await monitor.start();
    await pass(1000);
    expect(probes.pingAt).toEqual([250, 500, 750, 1000]);
  });

  it('a busy process does not ping', async () => {
    await monitor.start();
    for (let count = 0; count < 100; count += 1) {
      mode.availability.recordSuccess();
      await pass(100);
    }
    expect(probes.pingAt).toEqual([]);
  });

  it('a freeze is seen within 500 ms of the last answer', async () => {
    await monitor.start();
    probes.answers = 'never';
    await pass(499);
    expect(mode.availability.state).toBe('unavailable');
    expect(mode.availability.reason).toBe('timed out');
  });

  it('a freeze is seen as soon when the full probe meets it', async () => {
    await monitor.start();
    await pass(9999);
    probes.answers = 'never';
    await pass(501);
    expect(mode.availability.state).toBe('unavailable');
  });

  it('a hiccup of 200 ms is not an outage', async () => {
    await monitor.start();
    await pass(249);
    const changes = vi.fn();
    mode.availability.on('changed', changes);
    probes.answers = 'never';
    await pass(200);
    probes.thaw();
    await pass(2000);
    expect(changes).not.toHaveBeenCalled();
  });

  it('a full probe that Redis refuses takes the flag down', async () => {
    await monitor.start();
    await pass(9900);
    vi.spyOn(probes, 'full').mockRejectedValue(new Error('hard: OOM'));
    await pass(600);
    expect(mode.availability.reason).toBe('OOM');
  });

  it('a full probe that fails for an unknown reason takes it down too', async () => {
    await monitor.start();
    await pass(9900);
    vi.spyOn(probes, 'full').mockRejectedValue(new Error('what is this'));
    await pass(600);
    expect(mode.availability.reason).toBe('probe');
  });

  it('a full probe that meets a mistake of ours takes it down too', async () => {
    await monitor.start();
    await pass(9900);
    vi.spyOn(probes, 'full').mockRejectedValue(new Error('bug: WRONGTYPE get'));
    await pass(600);
    expect(mode.availability.reason).toBe('WRONGTYPE get');
  });

  it('no more than three pings wait at a time', async () => {
    await monitor.start();
    const ping = vi.spyOn(probes, 'ping').mockReturnValue(new Promise(() => undefined));
    await pass(1000);
    expect(ping).toHaveBeenCalledTimes(3);
  });

  it('a client that never settles is noticed too', async () => {
    await monitor.start();
    vi.spyOn(probes, 'full').mockReturnValue(new Promise(() => undefined));
    vi.spyOn(probes, 'ping').mockReturnValue(new Promise(() => undefined));
    await pass(1300);
    expect(mode.availability.state).toBe('unavailable');
  });
});

describe('stop', () => {
  it('leaves no timer and no listener', async () => {
    await monitor.start();
    await pass(1000);
    monitor.stop();
    expect(vi.getTimerCount()).toBe(0);
    expect(mode.availability.listenerCount('changed')).toBe(0);
  });

  it('keeps the end of a connection from counting as an outage', async () => {
    await monitor.start();
    probes.answers = 'never';
    await pass(300);
    monitor.stop();
    await pass(1000);
    expect(mode.isAvailable()).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('may be followed by another start', async () => {
    await monitor.start();
    monitor.stop();
    await monitor.start();
    probes.answers = 'never';
    await pass(500);
    expect(mode.availability.state).toBe('unavailable');
  });
});
