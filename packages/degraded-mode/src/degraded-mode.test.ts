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

describe('an error that was observed', () => {
  it('moves the flag when it lies with Redis', () => {
    const mode = availableMode();
    const failure = mode.reportError(new Error('hard: READONLY'));
    expect(failure).toEqual({ severity: 'hard', reason: 'READONLY' });
    expect(mode.isAvailable()).toBe(false);
  });

  it('is told of, and moves nothing, when it is a mistake of the caller', () => {
    const mode = availableMode();
    const bugs = vi.fn();
    mode.on('bug', bugs);
    const failure = { severity: 'bug', reason: 'WRONGTYPE get' };
    expect(mode.reportError(new Error('bug: WRONGTYPE get'))).toEqual(failure);
    expect(bugs).toHaveBeenCalledExactlyOnceWith(failure);
    expect(mode.isAvailable()).toBe(true);
  });

  it('is nobody else’s business when it is not one of Redis', () => {
    const mode = availableMode();
    expect(mode.reportError(new Error('no database'))).toBeUndefined();
    expect(mode.reportError('not even an error')).toBeUndefined();
    expect(mode.isAvailable()).toBe(true);
  });

  it('is a failure but no proof when this process itself was blocked', () => {
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
