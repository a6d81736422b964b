import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Progress } from './progress.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('progress', () => {
  it('announces a step with the seconds so far, and repeats it while it lasts', async () => {
    const lines: string[] = [];
    const progress = new Progress((line) => lines.push(line));
    await vi.advanceTimersByTimeAsync(400);
    const done = progress.step('installing', () => new Promise((end) => setTimeout(end, 11_000)));
    await vi.advanceTimersByTimeAsync(20_000);
    await done;
    expect(lines).toEqual([
      '   0.4 s  installing',
      '   5.4 s  still installing',
      '  10.4 s  still installing',
    ]);
  });

  it('passes on what the step returns or throws, and falls silent', async () => {
    const lines: string[] = [];
    const progress = new Progress((line) => lines.push(line));
    expect(await progress.step('adding', async () => 3)).toBe(3);
    const failing = progress.step('failing', () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(lines).toHaveLength(2);
  });
});
