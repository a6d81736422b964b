import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isNestedDeeper } from './nesting.ts';

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? 1 + Math.max(0, ...Object.values(value).map(depthOf))
    : 0;

describe('isNestedDeeper', () => {
  it('agrees with counting by recursion', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 6 }),
        fc.integer({ min: 0, max: 6 }),
        (value, levels) => {
          expect(isNestedDeeper(value, levels)).toBe(depthOf(value) > levels);
        },
      ),
    );
  });

  it('takes any depth', () => {
    let nested: unknown = 1;
    for (let depth = 0; depth < 200_000; depth += 1) nested = { nested };
    expect(isNestedDeeper(nested, 64)).toBe(true);
    expect(isNestedDeeper(undefined, 0)).toBe(false);
  });
});
