import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { boundRow, comeUp } from '../test/bound-row.ts';
import { failClosed, failOpen } from './fallback.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const closed = failClosed({ retryAfterSeconds: 7 });

describe('a drill of a port', () => {
  it('gives its calls their fallback, counted, and leaves the other ports alone', async () => {
    const { handed, mode, outcomes, taken } = boundRow({
      ...{ hitCounter: failOpen.local(), sessions: closed },
    });
    comeUp(mode);
    mode.portDrills.begin('hitCounter', 60);
    expect(await handed.hitCounter.add(2)).toBe('local 2');
    expect(outcomes.header()).toBe('hit-counter=local');
    expect(taken).toEqual([{ route: 'POST /v1/hits', port: 'hitCounter', fallback: 'local' }]);
    expect(mode.isAvailable()).toBe(true);
    expect(mode.canUse('sessions')).toBe(true);
  });

  it('refuses the rows that close for it before their handler, and no others', () => {
    const { binding, mode } = boundRow({ sessions: closed, hitCounter: failOpen.local() });
    comeUp(mode);
    mode.portDrills.begin('hitCounter', 60);
    expect(() => binding.requireOpen()).not.toThrow();
    expect(binding.rowMode()).toBe('fail_open');
    mode.portDrills.begin('sessions', 60);
    expect(() => binding.requireOpen()).toThrow('is operating in degraded mode');
    expect(binding.rowMode()).toBe('fail_closed');
  });

  it('ends by itself, and then the process recovers as from an outage', () => {
    const { mode } = boundRow({ hitCounter: failOpen.local() });
    comeUp(mode);
    const events: unknown[] = [];
    mode.portDrills.on('drill', ({ port }) => events.push(['drill', port]));
    mode.portDrills.on('drillEnded', ({ port }) => events.push(['ended', port]));
    mode.availability.on('entered', ({ reason }) => events.push(['entered', reason]));
    mode.portDrills.begin('hitCounter', 60);
    vi.advanceTimersByTime(59_999);
    expect(mode.canUse('hitCounter')).toBe(false);
    expect(mode.isAvailable()).toBe(true);
    vi.advanceTimersByTime(1);
    expect(mode.portDrills.any).toBe(false);
    // In between, nothing uses Redis: what the fallback kept is handed over first.
    expect(mode.isAvailable()).toBe(false);
    expect(events).toEqual([
      ['drill', 'hitCounter'],
      ['entered', 'drill of hitCounter'],
      ['ended', 'hitCounter'],
    ]);
  });

  it('can be ended sooner, does not begin twice, and takes an hour at most', () => {
    const { mode } = boundRow({ hitCounter: failOpen.local() });
    comeUp(mode);
    mode.portDrills.begin('hitCounter', 60);
    expect(() => mode.portDrills.begin('hitCounter', 1)).toThrow('there is a drill of the port');
    mode.portDrills.end('hitCounter');
    mode.portDrills.end('hitCounter');
    expect(mode.portDrills.list()).toEqual([]);
    for (const seconds of [0, -1, 3601, Number.NaN]) {
      expect(() => mode.portDrills.begin('hitCounter', seconds)).toThrow(RangeError);
    }
  });
});
