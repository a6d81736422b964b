import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { within } from './within.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('within', () => {
  it('settles like the work, and leaves no timer', async () => {
    expect(await within(Promise.resolve(7), 100, 'it')).toBe(7);
    await expect(within(Promise.reject(new Error('no')), 100, 'it')).rejects.toThrow('no');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('rejects when the work takes too long', async () => {
    const result = within(new Promise(() => undefined), 100, 'the full probe');
    const rejected = expect(result).rejects.toThrow('the full probe took longer than 100 ms');
    await vi.advanceTimersByTimeAsync(100);
    await rejected;
  });

  it('ignores work that fails after that', async () => {
    const result = within(
      new Promise((_resolve, reject) => setTimeout(() => reject(new Error('late')), 200)),
      100,
      'it',
    );
    const rejected = expect(result).rejects.toThrow('it took longer than 100 ms');
    await vi.advanceTimersByTimeAsync(300);
    await rejected;
  });
});
