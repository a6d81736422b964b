import { expect, it } from 'vitest';
import { inTime } from './in-time.ts';

it('has the outcome of work that is done in time, be it an error', async () => {
  expect(await inTime(Promise.resolve(3), 60_000, 'it')).toBe(3);
  await expect(inTime(Promise.reject(new Error('no')), 60_000, 'it')).rejects.toThrow('no');
});

it('names what takes too long', async () => {
  const never = new Promise<void>(() => undefined);
  await expect(inTime(never, 1, 'the start')).rejects.toThrow('the start took over 1 ms');
});
