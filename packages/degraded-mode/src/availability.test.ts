import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Availability } from './availability.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const hard = { severity: 'hard', reason: 'ECONNREFUSED' } as const;
const timeout = { severity: 'timeout', reason: 'timed out' } as const;
const pass = (ms: number) => vi.advanceTimersByTime(ms);

/** As the monitor does it; true when the flag flipped. */
function goodProbe(flag: Availability): boolean {
  if (!flag.recordProbe()) return false;
  flag.recovering();
  flag.recovered();
  return flag.isAvailable();
}

function available(): Availability {
  const flag = new Availability();
  goodProbe(flag);
  return flag;
}

/** Good probes every 250 ms until the flag flips; how long that took. */
function recover(flag: Availability): number {
  const startedAt = performance.now();
  while (!goodProbe(flag)) pass(250);
  return performance.now() - startedAt;
}

function eventsOf(flag: Availability): unknown[] {
  const events: unknown[] = [];
  flag.on('changed', (state) => events.push(state));
  flag.on('entered', (entered) => events.push(['entered', entered]));
  flag.on('recovered', (recovered) => events.push(['recovered', recovered]));
  return events;
}

describe('the flag', () => {
  it('moves by other thresholds where they are given', () => {
    const flag = new Availability({ timeoutsToEnter: 1, goodProbesToLeave: 1 });
    goodProbe(flag);
    flag.recordFailure(timeout);
    expect(flag.state).toBe('unavailable');
    expect(goodProbe(flag)).toBe(true);
  });

  it('is unknown at first, and that is not available', () => {
    const flag = new Availability();
    expect(flag.state).toBe('unknown');
    expect(flag.isAvailable()).toBe(false);
    expect(flag.reason).toBeUndefined();
  });

  it('makes first contact with one good probe, which is no recovery', () => {
    const flag = new Availability();
    const events = eventsOf(flag);
    expect(goodProbe(flag)).toBe(true);
    expect(events).toEqual(['recovering', 'available']);
  });

  it('is not available while the reconcilers run', () => {
    const flag = new Availability();
    expect(flag.recordProbe()).toBe(true);
    flag.recovering();
    expect(flag.state).toBe('recovering');
    expect(flag.isAvailable()).toBe(false);
  });

  it('goes down at once on a hard failure', () => {
    const flag = available();
    const events = eventsOf(flag);
    flag.recordFailure(hard);
    expect(flag.state).toBe('unavailable');
    expect(flag.reason).toBe('ECONNREFUSED');
    expect(events).toEqual(['unavailable', ['entered', { reason: 'ECONNREFUSED' }]]);
  });

  it('reports only once that an outage began, with its first reason, and keeps the last one', () => {
    const flag = available();
    const events = eventsOf(flag);
    const reasons = vi.fn();
    flag.on('reason', reasons);
    flag.recordFailure(hard);
    flag.recordFailure(hard);
    flag.recordFailure({ severity: 'hard', reason: 'LOADING info' });
    expect(flag.reason).toBe('LOADING info');
    flag.recordFailure(timeout);
    expect(events).toHaveLength(2);
    expect(reasons.mock.calls).toEqual([[{ reason: 'LOADING info' }], [{ reason: 'timed out' }]]);
    recover(flag);
    expect(flag.reason).toBeUndefined();
  });

  it('keeps its reason when a later one is only that there is no connection', () => {
    const flag = available();
    flag.recordFailure({ severity: 'hard', reason: 'NOAUTH info' });
    flag.recordFailure({ severity: 'hard', reason: 'closed', isVague: true });
    expect(flag.reason).toBe('NOAUTH info');
    recover(flag);
    flag.recordFailure({ severity: 'hard', reason: 'closed', isVague: true });
    expect(flag.reason).toBe('closed');
    flag.recordFailure(hard);
    expect(flag.reason).toBe('ECONNREFUSED');
  });

  it('does not move for a mistake of the caller', () => {
    const flag = available();
    for (let count = 0; count < 5; count += 1) {
      flag.recordFailure({ severity: 'bug', reason: 'WRONGTYPE get' });
    }
    expect([flag.isAvailable(), flag.reason]).toEqual([true, undefined]);
  });

  it('goes down at boot when the first thing seen is a time-out', () => {
    const flag = new Availability();
    flag.recordFailure(timeout);
    expect(flag.state).toBe('unavailable');
  });
});

describe('time-outs', () => {
  it('take three within a second', () => {
    const flag = available();
    flag.recordFailure(timeout);
    pass(499);
    flag.recordFailure(timeout);
    expect(flag.isAvailable()).toBe(true);
    pass(500);
    flag.recordFailure(timeout);
    expect(flag.state).toBe('unavailable');
  });

  it('count for a second only', () => {
    const flag = available();
    for (let count = 0; count < 10; count += 1) {
      flag.recordFailure(timeout);
      pass(500);
    }
    expect(flag.isAvailable()).toBe(true);
  });

  it('are forgotten when Redis answers', () => {
    const flag = available();
    flag.recordFailure(timeout);
    flag.recordFailure(timeout);
    flag.recordSuccess();
    flag.recordFailure(timeout);
    flag.recordFailure(timeout);
    expect(flag.isAvailable()).toBe(true);
    flag.recordFailure(timeout);
    expect(flag.isAvailable()).toBe(false);
  });
});

describe('recovery', () => {
  it('takes three good probes in a row', () => {
    const flag = available();
    flag.recordFailure(hard);
    expect([goodProbe(flag), goodProbe(flag)]).toEqual([false, false]);
    flag.recordFailure(hard);
    expect([goodProbe(flag), goodProbe(flag)]).toEqual([false, false]);
    expect(goodProbe(flag)).toBe(true);
  });

  it('says how long the outage was and why it began', () => {
    const flag = available();
    const events = eventsOf(flag);
    flag.recordFailure(hard);
    pass(4000);
    expect(recover(flag)).toBe(500);
    expect(events.at(-1)).toEqual(['recovered', { reason: 'ECONNREFUSED', durationMs: 4500 }]);
  });

  it('is undone by a failure while the reconcilers run, within the same outage', () => {
    const flag = available();
    flag.recordFailure(hard);
    const events = eventsOf(flag);
    flag.recordProbe();
    flag.recordProbe();
    expect(flag.recordProbe()).toBe(true);
    flag.recovering();
    flag.recordFailure(timeout);
    expect(flag.state).toBe('unavailable');
    flag.recovered();
    expect(flag.state).toBe('unavailable');
    expect(events).toEqual(['recovering', 'unavailable']);
  });

  it('of a first contact that fails half-way is an outage like any other', () => {
    const flag = new Availability();
    const events = eventsOf(flag);
    flag.recordProbe();
    flag.recovering();
    flag.recordFailure({ severity: 'hard', reason: 'reconciler' });
    expect(events.at(-1)).toEqual(['entered', { reason: 'reconciler' }]);
    recover(flag);
    expect(events.at(-1)).toEqual(['recovered', { reason: 'reconciler', durationMs: 500 }]);
  });
});

describe('flapping', () => {
  it('does not slow down the first recovery of a process that has just started', () => {
    const flag = available();
    flag.recordFailure(hard);
    expect(flag.holdMs).toBe(0);
    expect(recover(flag)).toBe(500);
  });

  it('lengthens the time that probes must be good, up to 30 s', () => {
    const flag = available();
    const took: number[] = [];
    for (let outage = 0; outage < 9; outage += 1) {
      flag.recordFailure(hard);
      took.push(recover(flag));
    }
    expect(took).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('restarts the held time when a probe fails', () => {
    const flag = available();
    flag.recordFailure(hard);
    recover(flag);
    flag.recordFailure(hard);
    goodProbe(flag);
    pass(900);
    flag.recordFailure(hard);
    expect(recover(flag)).toBe(1000);
  });

  it('is forgotten after a minute without an outage', () => {
    const flag = available();
    for (let outage = 0; outage < 3; outage += 1) {
      flag.recordFailure(hard);
      recover(flag);
    }
    pass(60_000);
    flag.recordFailure(hard);
    expect(flag.holdMs).toBe(0);
    expect(recover(flag)).toBe(500);
  });
});

describe('a drill', () => {
  it('is an outage that ends by itself, whatever the probes say', () => {
    const flag = available();
    const events = eventsOf(flag);
    flag.on('drill', ({ endsAt }) => events.push(['drill', endsAt.getTime() - Date.now()]));
    flag.on('drillEnded', () => events.push('drill ended'));
    flag.beginDrill(60);
    expect(flag.reason).toBe('drill');
    for (let probe = 0; probe < 10; probe += 1) {
      expect(goodProbe(flag)).toBe(false);
      pass(5999);
    }
    expect(flag.drillEndsAt).toBeDefined();
    pass(10);
    expect(flag.drillEndsAt).toBeUndefined();
    expect(flag.isAvailable()).toBe(false);
    recover(flag);
    expect(events).toEqual([
      ['drill', 60_000],
      'unavailable',
      ['entered', { reason: 'drill' }],
      'drill ended',
      'recovering',
      'available',
      ['recovered', { reason: 'drill', durationMs: expect.any(Number) }],
    ]);
  });

  it('can be ended sooner, and does not begin twice', () => {
    const flag = available();
    flag.beginDrill(60);
    expect(() => flag.beginDrill(1)).toThrow('there is a drill already');
    flag.endDrill();
    flag.endDrill();
    recover(flag);
    expect(flag.isAvailable()).toBe(true);
    pass(120_000);
    expect(flag.isAvailable()).toBe(true);
  });

  it('does not hide an outage that is real', () => {
    const flag = available();
    flag.beginDrill(1);
    flag.recordFailure(hard);
    expect(flag.reason).toBe('ECONNREFUSED');
    pass(1000);
    expect(flag.isAvailable()).toBe(false);
  });

  it('begun while a recovery is under way, keeps it from ending', () => {
    const flag = new Availability();
    flag.recordProbe();
    flag.recovering();
    flag.beginDrill(1);
    flag.recovered();
    expect(flag.state).toBe('unavailable');
  });

  it.each([0, -1, 3601, Number.NaN])('does not take %s s', (seconds) => {
    expect(() => available().beginDrill(seconds)).toThrow(RangeError);
  });
});
