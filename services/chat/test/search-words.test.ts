import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { searchWords, wordsOf } from '../src/search-words.ts';

describe('the words of a text', () => {
  test.each([
    ['Hello, hello WORLD!', ['hello', 'world']],
    ['it’s 3.14 – or “so”', ['it', 's', '3', '14', 'or', 'so']],
    ['Ｆｕｌｌ ｗｉｄｔｈ ﬁne', ['full', 'width', 'fine']],
    ['e\u0301te\u0301', ['\u00e9t\u00e9']],
    ['ÜBER straße', ['über', 'straße']],
    ['हिन्दी में', ['हिन्दी', 'में']],
    ['日本語 Ελλάς', ['日本語', 'ελλάς']],
    ['snake_case a-b a/b', ['snake', 'case', 'a', 'b']],
    ['… 💬 !', []],
    ['', []],
  ])('of %j are %j', (text, words) => {
    expect(searchWords(text)).toEqual(words);
  });

  test('are cut and counted', () => {
    expect(searchWords('x'.repeat(100))).toEqual(['x'.repeat(64)]);
    const many = Array.from({ length: 300 }, (_, index) => `w${index}`);
    expect(searchWords(many.join(' '))).toEqual(many.slice(0, 256));
    // No half of a letter beyond the basic plane.
    expect(searchWords(`x${'𝒳'.repeat(40)}`)).toEqual(['x'.repeat(41)]);
    expect(searchWords(`x${'𐐨'.repeat(40)}`)).toEqual([`x${'𐐨'.repeat(31)}`]);
  });

  test('are distinct, short, and found again by themselves', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
        const words = searchWords(text);
        expect(new Set(words).size).toBe(words.length);
        expect(words.length).toBeLessThanOrEqual(256);
        for (const word of words) {
          expect(word.length).toBeLessThanOrEqual(64);
          expect(word.isWellFormed()).toBe(true);
          expect(searchWords(word)).toEqual([word]);
        }
      }),
    );
  });

  test('of an encrypted message are none', () => {
    expect(wordsOf({ content: 'YWJj ZGVm', is_encrypted: true })).toEqual([]);
    expect(wordsOf({ content: 'Plain text', is_encrypted: false })).toEqual(['plain', 'text']);
  });
});
