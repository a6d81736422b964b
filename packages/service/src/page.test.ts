import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApiError } from './http/api-error.ts';
import { beginning, decodePosition, encodePosition, toPage } from './page.ts';

const at = new Date('2026-01-31T12:00:00.123Z');
const uuid = '0f0e0d0c-0b0a-4908-8706-050403020100';

const encoded = (text: string): string => Buffer.from(text).toString('base64url');

describe('a position', () => {
  it('is read as it was written', () => {
    const positions = fc.record({
      at: fc.date({ min: new Date(0), max: new Date(9_999_999_999_999), noInvalidDate: true }),
      id: fc.uuid(),
    });
    fc.assert(
      fc.property(positions, (given) => {
        expect(decodePosition(encodePosition(given), 'page_state')).toEqual(given);
      }),
    );
    const named = encodePosition({ at, id: 'rr-a.b-1' });
    expect(decodePosition(named, 'cursor', 'name')).toEqual({ at, id: 'rr-a.b-1' });
  });

  it('is the beginning where there is none', () => {
    expect(decodePosition(undefined, 'cursor')).toBe(beginning);
  });

  it('is not read from any other text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 512 }), (text) => {
        expect(() => decodePosition(text, 'cursor')).toThrow(ApiError);
      }),
    );
  });

  it.each([
    ['nothing', ''],
    ['no base64url', '!!!'],
    ['no time', encoded(uuid)],
    ['a time that is no date', encoded(`99999999999999 ${uuid}`)],
    ['a name where the list has UUIDs', encoded('1 rr-a')],
    ['more than a position', encoded(`1 ${uuid} 2`)],
  ])('is not read from %s', (_what, text) => {
    const attempt = () => decodePosition(text, 'page_state');
    expect(attempt).toThrow(ApiError);
    expect(attempt).toThrow('query.page_state expected the next_page_state of an earlier page');
  });
});

describe('a page', () => {
  const positionOf = (id: string) => ({ at, id });

  it('names the next one where there is more', () => {
    const page = toPage(['a', 'b', 'c'], 2, positionOf);
    expect(page).toEqual({
      entries: ['a', 'b'],
      next: encodePosition({ at, id: 'b' }),
      hasMore: true,
    });
  });

  it('is the last one where there is no more, empty or not', () => {
    expect(toPage(['a', 'b'], 2, positionOf)).toMatchObject({ next: null, hasMore: false });
    expect(toPage([], 2, positionOf)).toEqual({ entries: [], next: null, hasMore: false });
  });
});
