import { expect, it } from 'vitest';
import { backOffMs } from './back-off.ts';

const bounds = { firstMs: 500, maxMs: 30_000 };

it.each([
  [1, 1000],
  [3, 4000],
  [6, 30_000],
  [10_000, 30_000],
])('after %d failures is anywhere up to %d ms', (failures, maxMs) => {
  const delays = Array.from({ length: 2000 }, () => backOffMs(failures, bounds));
  expect(Math.max(...delays)).toBeLessThanOrEqual(maxMs);
  expect(Math.max(...delays)).toBeGreaterThan(maxMs * 0.9);
  expect(Math.min(...delays)).toBeLessThan(maxMs * 0.1);
});
