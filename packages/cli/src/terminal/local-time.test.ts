import { expect, it } from 'vitest';
import { duration, localTime } from './local-time.ts';

it('shows a time in the time zone of this machine', () => {
  const at = new Date(2026, 0, 31, 13, 5, 9);
  expect(localTime(at.toISOString())).toBe('2026-01-31 13:05:09');
});

it.each([
  [-5, '0 s'],
  [45_400, '45 s'],
  [99_400, '99 s'],
  [720_000, '12 min'],
  [11_100_000, '3 h 5 min'],
  [187_200_000, '2 d 4 h'],
])('shows %i ms as %s', (milliseconds, text) => {
  expect(duration(milliseconds)).toBe(text);
});
