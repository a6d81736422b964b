import { describe, expect, it } from 'vitest';
import { shareGuessedRight } from './guess.ts';

const range = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => from + index);

describe('guessing by the time alone', () => {
  it('is always right if the times are apart, whichever is slower', () => {
    const [fast, slow] = [range(1, 100), range(1000, 100)];
    expect(shareGuessedRight({ known: slow, unknown: fast })).toBe(1);
    expect(shareGuessedRight({ known: fast, unknown: slow })).toBe(1);
  });

  it('is right half the time if the times are the same', () => {
    const same = range(1, 100);
    expect(shareGuessedRight({ known: same, unknown: same })).toBe(0.5);
  });

  it('is right three times of four if half of the times overlap', () => {
    expect(shareGuessedRight({ known: range(50, 100), unknown: range(0, 100) })).toBeCloseTo(0.75);
  });

  it('learns from one half and is judged by the other', () => {
    // At even positions known addresses are slow, at odd ones they are fast.
    const known = [100, 1, 100, 1];
    const unknown = [1, 100, 1, 100];
    expect(shareGuessedRight({ known, unknown })).toBe(0);
  });
});
