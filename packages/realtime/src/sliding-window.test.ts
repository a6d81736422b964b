import { expect, test } from 'vitest';
import { SlidingWindow } from './sliding-window.ts';

const take = (window: SlidingWindow, times: number, now: number): number =>
  Array.from({ length: times }, () => window.take('ada', 10, now)).filter(Boolean).length;

test('a window takes as many events as its limit', () => {
  const window = new SlidingWindow(1000);
  expect(take(window, 12, 0)).toBe(10);
  expect(take(window, 1, 999)).toBe(0);
});

test('the previous window counts as far as it still overlaps', () => {
  const window = new SlidingWindow(1000);
  take(window, 10, 0);
  expect(take(window, 10, 1000)).toBe(0);
  expect(take(window, 10, 1500)).toBe(5);
  expect(take(window, 10, 1600)).toBe(1);
});

test('keys are counted apart', () => {
  const window = new SlidingWindow(1000);
  take(window, 10, 0);
  expect(window.take('bob', 10, 0)).toBe(true);
});

test('after two windows of silence a key is forgotten', () => {
  const window = new SlidingWindow(1000);
  take(window, 10, 0);
  window.take('bob', 10, 1500);
  expect(window.sweep(1999)).toBe(2);
  expect(window.sweep(2000)).toBe(1);
  expect(take(window, 12, 2000)).toBe(10);
});
