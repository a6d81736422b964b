import { describe, expect, it } from 'vitest';
import { pauseSecondsAfter } from './back-off.ts';

const policy = { maxTries: 10, firstPauseSeconds: 15, maxPauseSeconds: 3600 };

describe('the pause after a failed attempt', () => {
  it('is four times the previous one, up to the maximum', () => {
    const pauses = [1, 2, 3, 4, 5, 9].map((tries) => pauseSecondsAfter(policy, tries, () => 0.5));
    expect(pauses).toEqual([15, 60, 240, 960, 3600, 3600]);
  });

  it('is jittered by a quarter', () => {
    expect(pauseSecondsAfter(policy, 1, () => 0)).toBe(11.25);
    expect(pauseSecondsAfter(policy, 1, () => 1)).toBe(18.75);
  });
});
