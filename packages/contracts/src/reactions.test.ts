import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Emoji } from './reactions.ts';

const message = (value: unknown) => Emoji.safeParse(value).error?.issues[0]?.message;

test.each(['👍', '👍🏽', '👩‍👩‍👧‍👦', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '❤️', ':party:', 'ß', '%', 'x'.repeat(32)])(
  '%s may be a reaction',
  (emoji) => expect(message(emoji)).toBeUndefined(),
);

test.each([' ', 'a b', '\t', '\n', '\u00a0', '\u2028', '\u3000', '\u001b', '\u007f', '\u0085'])(
  '%j may not',
  (emoji) => expect(message(emoji)).toBe('expected no white space and no control characters'),
);

test('a reaction has 1 to 32 code points and can be stored', () => {
  for (const wrong of ['', 'x'.repeat(33), '👍'.repeat(33), '\0', '\ud800', 1, null]) {
    expect(message(wrong)).toBeDefined();
  }
});

test('what is accepted stands in a path and comes back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
      if (!Emoji.safeParse(text).success) return;
      expect(decodeURIComponent(encodeURIComponent(text))).toBe(text);
    }),
  );
});
