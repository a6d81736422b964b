import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withSection } from './document.ts';

const begin = '<!-- limiter: written by `npm run bench:limiter` -->';
const end = '<!-- end of limiter -->';
const other =
  '<!-- degradation: written by `npm run bench:degradation` -->\nkept\n<!-- end of degradation -->';

describe('a section of the document', () => {
  it('is replaced between its marks, and nothing else is', () => {
    const text = `# Title\n\n${other}\n\n${begin}\nold\nfigures\n${end}\nThe end.\n`;
    expect(withSection(text, 'limiter', '\n| new |\n\n')).toBe(
      `# Title\n\n${other}\n\n${begin}\n| new |\n${end}\nThe end.\n`,
    );
  });

  it.each([
    ['no marks', 'text'],
    ['no end', `${begin}\nold`],
    ['no beginning', `old\n${end}`],
    ['its marks the wrong way round', `${end}\nold\n${begin}`],
    ['those of another section', other],
    ['a mark that was edited', `${begin.replace('written', 'made')}\nold\n${end}`],
  ])('is not written into a text with %s', (_, text) => {
    expect(() => withSection(text, 'limiter', 'new')).toThrow(/has no section limiter/);
  });

  it('is written unchanged and idempotently, and keeps every text around it', () => {
    const words = fc.string({ unit: fc.constantFrom('$', '&', '`', '\\', '<', '\n', 'x') });
    fc.assert(
      fc.property(words, words, words, words, (before, old, content, after) => {
        const text = `${before}${begin}${old}${end}${after}`;
        const written = withSection(text, 'limiter', content);
        expect(written).toBe(`${before}${begin}\n${content.trim()}\n${end}${after}`);
        expect(withSection(written, 'limiter', content)).toBe(written);
      }),
    );
  });
});
