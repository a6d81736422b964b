import { describe, expect, it } from 'vitest';
import { digits, milliseconds, ratio, since, table } from './markdown.ts';

describe('a Markdown table', () => {
  it('has its first column on the left and numbers on the right', () => {
    expect(table(['', 'seen'], [['ours', '1 ms']])).toBe(
      '|  | seen |\n| --- | ---: |\n| ours | 1 ms |',
    );
  });
});

describe('a number', () => {
  it('has as many decimals as its size needs', () => {
    expect([0, 0.844, 9.876, 12.34, 99.94, 100.4, 4980.4].map(digits)).toEqual([
      '0',
      '0.84',
      '9.88',
      '12.3',
      '99.9',
      '100',
      '4,980',
    ]);
    expect(digits(-12.34)).toBe('-12.3');
  });

  it('that is missing is a dash', () => {
    expect([digits(Number.NaN), milliseconds(Number.NaN)]).toEqual(['–', '–']);
  });

  it('has its unit, and a time that did not come is never', () => {
    expect(milliseconds(4980)).toBe('4,980 ms');
    expect([since(0.5), since(Number.NaN)]).toEqual(['0.5 ms', 'never']);
  });
});

describe('a ratio', () => {
  it('is followed by a sign, and is a dash if missing', () => {
    expect(ratio(1.239)).toBe('1.24 ×');
    expect([ratio(Number.NaN), ratio(1 / 0)]).toEqual(['–', '–']);
  });
});
