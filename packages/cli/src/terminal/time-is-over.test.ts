import { expect, it } from 'vitest';
import { timeIsOver, withinTime } from './time-is-over.ts';

const { signal } = new AbortController();
const forever = new Promise<never>(() => undefined);

/** The timers that keep this process. */
const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

it('is over after the time, and at Ctrl-C', async () => {
  expect(await timeIsOver(1, signal)).toBeUndefined();
  const interruption = new AbortController();
  const over = timeIsOver(3_600_000, interruption.signal);
  interruption.abort();
  expect(await over).toBeUndefined();
  expect(await timeIsOver(3_600_000, interruption.signal)).toBeUndefined();
});

it('gives what comes in time, and keeps no process afterwards', async () => {
  const before = timers();
  expect(await withinTime(Promise.resolve('done'), 3_600_000, signal)).toBe('done');
  await expect(withinTime(Promise.reject(new Error('no')), 3_600_000, signal)).rejects.toThrow(
    'no',
  );
  expect(timers()).toBe(before);
  expect(await withinTime(forever, 1, signal)).toBeUndefined();
});
