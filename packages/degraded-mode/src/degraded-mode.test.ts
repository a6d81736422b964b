import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newMode } from '../test/scripted-probes.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const timedOut = new Error('timeout: timed out');

function availableMode() {
  const mode = newMode();
  mode.availability.recordProbe();
  mode.availability.recovering();
  mode.availability.recovered();
  return mode;
}

describe('an error that was reported', () => {
  it('moves the flag when Redis is at fault', () => {
    const mode = availableMode();
    const failure = mode.reportError(new Error('hard: READONLY'));
    expect(failure).toEqual({ severity: 'hard', reason: 'READONLY' });
    expect(mode.isAvailable()).toBe(false);
  });

  it('is reported, and moves nothing, when it is the caller’s mistake', () => {
    const mode = availableMode();
    const bugs = vi.fn();
    mode.on('bug', bugs);
    const failure = { severity: 'bug', reason: 'WRONGTYPE get' };
    expect(mode.reportError(new Error('bug: WRONGTYPE get'))).toEqual(failure);
    expect(bugs).toHaveBeenCalledExactlyOnceWith(failure);
    expect(mode.isAvailable()).toBe(true);
  });

  it('is ignored when it is not an error of Redis', () => {
    const mode = availableMode();
    expect(mode.reportError(new Error('no database'))).toBeUndefined();
    expect(mode.reportError('not even an error')).toBeUndefined();
    expect(mode.isAvailable()).toBe(true);
  });

  it('is a failure but not proof when this process itself was blocked', () => {
    const mode = availableMode();
    mode.stall.start();
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 5000);
    for (let count = 0; count < 10; count += 1) {
      expect(mode.reportError(timedOut)).toEqual({ severity: 'timeout', reason: 'timed out' });
    }
    expect(mode.isAvailable()).toBe(true);
    mode.reportError(new Error('hard: ECONNRESET'));
    expect(mode.isAvailable()).toBe(false);
    mode.stall.stop();
  });
});

describe('a degraded mode', () => {
  it('has fallbacks and no settings unless told otherwise', () => {
    const mode = newMode();
    expect(mode.fallbackEnabled).toBe(true);
    expect(mode.settings).toEqual({});
  });
});
