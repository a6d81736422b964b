import { expect, it } from 'vitest';
import { lengthText, shortTime, timeText } from './times.ts';

it.each([
  [0, '0 s'],
  [-5000, '0 s'],
  [7600, '8 s'],
  [60_000, '1 min'],
  [185_000, '3 min 5 s'],
  [7_440_000, '2 h 4 min'],
  [443_000_000, '5 d 3 h'],
])('shows %i ms as %s', (ms, text) => {
  expect(lengthText(ms)).toBe(text);
});

it('shows the day of a time that is not of today', () => {
  const at = new Date(2026, 0, 31, 12, 3, 4);
  expect(timeText(at.getTime(), at.getTime() + 1000)).not.toContain('2026');
  expect(timeText(at.getTime(), at.getTime() + 864e5)).toContain('2026');
});

it('shows in little room the clock of today, and the day alone of any other', () => {
  const at = new Date(2026, 0, 31, 12, 3, 4).getTime();
  expect(shortTime(at, at + 1000)).toMatch(/03/);
  expect(shortTime(at, at + 864e5)).toMatch(/31/);
  expect(shortTime(at, at + 864e5)).not.toMatch(/03/);
});
