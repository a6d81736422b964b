import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sharedAnswer } from './shared-answer.ts';

describe('a shared answer', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is asked for once, for all who want it before it is too old', async () => {
    let asked = 0;
    const ask = sharedAnswer(1000, async () => (asked += 1));
    expect(await Promise.all([ask(), ask()])).toEqual([1, 1]);
    vi.advanceTimersByTime(999);
    expect(await ask()).toBe(1);
    vi.advanceTimersByTime(1);
    expect(await Promise.all([ask(), ask()])).toEqual([2, 2]);
  });

  it('is awaited by everybody however long it takes, and is as old as its question', async () => {
    let asked = 0;
    let answer = (_value: string): void => undefined;
    const ask = sharedAnswer(1000, () => {
      asked += 1;
      return new Promise<string>((resolve) => {
        answer = resolve;
      });
    });
    const first = ask();
    vi.advanceTimersByTime(5000);
    const second = ask();
    answer('late');
    expect(await Promise.all([first, second])).toEqual(['late', 'late']);
    expect(asked).toBe(1);
    const third = ask();
    answer('next');
    expect(await third).toBe('next');
    expect(asked).toBe(2);
  });

  it('that failed fails for all who wait, and is asked for again no sooner', async () => {
    let asked = 0;
    // Not even a promise comes of the first.
    const ask = sharedAnswer(1000, () => {
      asked += 1;
      if (asked === 1) throw new Error('away');
      return Promise.resolve(asked);
    });
    await expect(ask()).rejects.toThrow('away');
    vi.advanceTimersByTime(999);
    await expect(ask()).rejects.toThrow('away');
    vi.advanceTimersByTime(1);
    expect(await ask()).toBe(2);
  });
});
