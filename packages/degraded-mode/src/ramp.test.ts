import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Ramp } from './ramp.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const passedOf = (ramp: Ramp, calls: number): number =>
  Array.from({ length: calls }, () => ramp.passes()).filter((passes) => passes).length;

it('lets everything pass until it begins', () => {
  const ramp = new Ramp(1000);
  expect([ramp.share, passedOf(ramp, 100)]).toEqual([1, 100]);
});

it('begins with a tenth, the first call among it, and ends with everything', () => {
  const ramp = new Ramp(1000);
  ramp.begin();
  expect(ramp.passes()).toBe(true);
  expect(passedOf(ramp, 100)).toBeLessThanOrEqual(10);
  vi.advanceTimersByTime(500);
  expect(ramp.share).toBeCloseTo(0.55);
  expect(passedOf(ramp, 100)).toBeGreaterThanOrEqual(54);
  expect(passedOf(ramp, 100)).toBeLessThanOrEqual(56);
  vi.advanceTimersByTime(500);
  expect([ramp.share, passedOf(ramp, 100)]).toEqual([1, 100]);
});

it('begins anew after another recovery', () => {
  const ramp = new Ramp(1000);
  ramp.begin();
  vi.advanceTimersByTime(2000);
  ramp.begin();
  expect(ramp.share).toBeCloseTo(0.1);
});

it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses a time of %d', (rampMs) => {
  expect(() => new Ramp(rampMs)).toThrow(RangeError);
});
