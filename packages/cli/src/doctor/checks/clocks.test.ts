import { describe, expect, it } from 'vitest';
import { dateAheadMs } from './clocks.ts';

const at = Date.parse('2026-01-01T12:00:00.500Z');
const ahead = (date: string) => dateAheadMs({ headers: new Headers({ date }), middleMs: at });

describe('how far a header Date is ahead', () => {
  it.each([
    ['Thu, 01 Jan 2026 12:00:00 GMT', 0],
    ['Thu, 01 Jan 2026 11:59:59 GMT', -500],
    ['Thu, 01 Jan 2026 11:59:50 GMT', -9500],
    ['Thu, 01 Jan 2026 12:00:01 GMT', 500],
    ['Thu, 01 Jan 2026 12:00:10 GMT', 9500],
  ])('counts %s as %d ms: its second may begin or end', (date, expected) => {
    expect(ahead(date)).toBe(expected);
  });

  it('is not known without one that can be read', () => {
    expect(ahead('tomorrow')).toBeUndefined();
    expect(dateAheadMs({ headers: new Headers(), middleMs: at })).toBeUndefined();
  });
});
