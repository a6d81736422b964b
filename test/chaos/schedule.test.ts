import { describe, expect, it } from 'vitest';
import { randomStream } from './random.ts';
import { describeFault, faultKinds, faultSchedule } from './schedule.ts';

const restartable = { normal: ['auth-1', 'gateway-1'], duringOutage: ['auth-1'] };
const options = { faultKinds, restartable };
const minuteMs = 60_000;

describe('the schedule of faults', () => {
  it('is the same for the same seed', () => {
    expect(faultSchedule('7', minuteMs, options)).toEqual(faultSchedule('7', minuteMs, options));
  });

  it('differs from seed to seed', () => {
    const seeds = Array.from({ length: 50 }, (_, seed) => String(seed));
    const schedules = seeds.map((seed) => JSON.stringify(faultSchedule(seed, minuteMs, options)));
    expect(new Set(schedules).size).toBe(50);
  });

  it('has every kind of fault in eight minutes, one after another, and ends early enough', () => {
    const faults = faultSchedule('1', 8 * minuteMs, options);
    expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(faultKinds));
    for (const [index, { atMs, lastsMs }] of faults.entries()) {
      const next = faults[index + 1]?.atMs ?? 8 * minuteMs;
      expect(atMs + lastsMs).toBeLessThan(next);
    }
    const last = faults.at(-1);
    expect((last?.atMs ?? 0) + (last?.lastsMs ?? 0)).toBeLessThanOrEqual(400_000);
  });

  it('restarts during an outage only those that may be', () => {
    const seeds = Array.from({ length: 200 }, (_, seed) => String(seed));
    const faults = seeds.flatMap((seed) => faultSchedule(seed, minuteMs, options));
    const restartedIn = (kind: string) =>
      new Set(faults.filter((fault) => fault.kind === kind).map(({ instance }) => instance));
    expect(restartedIn('instance restarted')).toEqual(new Set(restartable.normal));
    expect(restartedIn('instance restarted during an outage')).toEqual(new Set(['auth-1']));
  });

  it('can be read', () => {
    const fault = { kind: 'killed', atMs: 4000, lastsMs: 250 } as const;
    expect(describeFault(fault)).toBe('   4.0 s  Redis killed, for 0.25 s');
    const hidden = { kind: 'black hole', atMs: 4000, lastsMs: 250 } as const;
    expect(describeFault(hidden)).toBe('   4.0 s  the way to Redis: black hole, for 0.25 s');
    const restart = {
      kind: 'instance restarted',
      atMs: 12_345,
      lastsMs: 0,
      instance: 'chat-1',
    } as const;
    expect(describeFault(restart)).toBe('  12.3 s  chat-1 restarted');
  });
});

describe('a random stream', () => {
  it('is a function of seed and name, within bounds and spread out', () => {
    const draw = (seed: string, name: string): number[] => {
      const random = randomStream(seed, name);
      return Array.from({ length: 1000 }, () => random.integer(1, 6));
    };
    expect(draw('a', 'x')).toEqual(draw('a', 'x'));
    expect(draw('a', 'x')).not.toEqual(draw('a', 'y'));
    expect(draw('a', 'x')).not.toEqual(draw('b', 'x'));
    for (const face of [1, 2, 3, 4, 5, 6]) {
      const times = draw('a', 'x').filter((drawn) => drawn === face).length;
      expect(times).toBeGreaterThan(120);
      expect(times).toBeLessThan(220);
    }
  });
});
