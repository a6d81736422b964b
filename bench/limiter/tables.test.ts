import { describe, expect, it } from 'vitest';
import type { LimiterFigures, LimiterName } from './names.ts';
import { type LimiterResults, limiterTables } from './tables.ts';

function figures(newKeysPerSecond: number, operationsPerSecond: number, bytesPerKey: number) {
  return {
    newKeysPerSecond,
    operationsPerSecond,
    bytesPerKey,
    heapBytes: 37_300_000,
    spentKeyIsRefused: true,
  };
}

const ours = new Map([
  [1000, figures(300, 1500.4, 400)],
  [2000, figures(100, 100, 100)],
]);
const theirs = new Map([[1000, figures(600, 1000, 500)]]);

function lines(
  measured: ReadonlyMap<LimiterName, ReadonlyMap<number, LimiterFigures>>,
  bounded: Partial<LimiterResults['bounded']> = {},
): string[] {
  return limiterTables({
    sizes: [1000, 2000],
    figures: measured,
    bounded: { keys: 1_000_000, maxKeys: 100_000, ...figures(1, 330_954, 1), ...bounded },
    runs: 5,
    machine: 'a machine',
  }).split('\n');
}

describe('the tables of the limiter', () => {
  const both = lines(
    new Map([
      ['LocalLimiter', ours],
      ['RateLimiterMemory', theirs],
    ]),
  );

  it('have known keys before new ones, and ours over theirs below', () => {
    expect(both.filter((line) => line.startsWith('| 1,000 |') || line.includes('÷'))).toEqual([
      '| 1,000 | LocalLimiter | 1,500 | 300 | 400 |',
      '| 1,000 | RateLimiterMemory | 1,000 | 600 | 500 |',
      '|  | ours ÷ theirs | 1.5 × | 0.5 × | 0.8 × |',
    ]);
  });

  it('leave out a size that was measured for only one of the two', () => {
    expect(both.some((line) => line.includes('2,000'))).toBe(false);
  });

  it('say what the bound costs, and stress if it forgets spent limits', () => {
    expect(both.at(-1)).toMatch(
      /100,000 keys and 1,000,000 .* 37\.3 MB \(330,954 .* is still refused/,
    );
    expect(lines(new Map(), { spentKeyIsRefused: false }).at(-1)).toContain('**was forgotten**');
  });
});
