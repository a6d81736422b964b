import { expect, it } from 'vitest';
import { memoryLimitBytes } from './memory-limit.ts';

const gib = 1024 ** 3;

it.each([
  ['a container with less than the machine has', 0.5 * gib, 0.5 * gib],
  ['no limit, as version 2 of cgroups tells it', 2 ** 64, 0],
  ['no limit that Node.js knows of', 0, 0],
  ['a limit that is no less than the machine', 8 * gib, 0],
])('the limit of %s', (_what, constrainedBytes, expected) => {
  expect(memoryLimitBytes(constrainedBytes, 8 * gib)).toBe(expected);
});
