import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprintOf, stormFingerprintOf } from '../src/signals/fingerprint.ts';
import { joinedTexts } from '../src/signals/joined-texts.ts';
import { resourceText } from '../src/signals/signal.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const of = (name: string, namespace: string, kind: string, resource: string): string =>
  fingerprintOf({ name, namespace, resource: { kind, name: resource } });

describe('the fingerprint of a signal', () => {
  it('is that of name:namespace:Kind:name, also of an instance, which has its port', () => {
    expect(of('Down', 'payments', 'Pod', 'checkout-1')).toBe(
      sha256('Down:payments:Pod:checkout-1'),
    );
    expect(of('Down', '', 'Instance', '10.0.0.7:9100')).toBe(
      sha256('Down::Instance:10.0.0.7:9100'),
    );
    expect(of('50 %', 'a\\b', 'Pod', '"c"')).toBe(sha256('50 %:a\\b:Pod:"c"'));
  });

  it('distinguishes a namespace with colons from a Pod with colons', () => {
    expect(of('Down', 'a', 'Pod', 'b:Pod:c')).not.toBe(of('Down', 'a:Pod:b', 'Pod', 'c'));
    expect(of('Down:a', 'b', 'Pod', 'c')).not.toBe(of('Down', 'a:b', 'Pod', 'c'));
  });

  it('distinguishes half a surrogate pair from its replacement in UTF-8', () => {
    expect(of('\ud800', 'a', 'Pod', 'b')).not.toBe(of('\ufffd', 'a', 'Pod', 'b'));
  });

  it('is that of no storm, whatever the signal is called', () => {
    const storm = stormFingerprintOf('Down:payments:Pod:a', 'window');
    expect(of('storm\nwindow\nDown', 'payments', 'Pod', 'a')).not.toBe(storm);
    expect(of(':storm', '["window","Down', 'payments', 'Pod:a"]')).not.toBe(storm);
    expect(stormFingerprintOf('a\nb', 'c')).not.toBe(stormFingerprintOf('b', 'c\na'));
  });
});

/** What the two forms are made of, and halves of a surrogate pair. */
const unit = fc.constantFrom(
  ':',
  '"',
  ',',
  '[',
  ']',
  '\\',
  'a',
  'd800',
  '\ud800',
  '\udc00',
  '\ufffd',
);
const text = fc.string({ unit, maxLength: 6 });
const named = fc.string({ unit, minLength: 1, maxLength: 6 });
const signal = fc.tuple(named, text, named, text);

/** Words between colons, and two ways to take them for a signal. */
const wordsInTwoWays = fc.array(named, { minLength: 4, maxLength: 8 }).chain((words) => {
  const cuts = fc
    .uniqueArray(fc.integer({ min: 1, max: words.length - 1 }), { minLength: 3, maxLength: 3 })
    .map((places) => places.toSorted((a, b) => a - b))
    .map(([first = 1, second, third]) =>
      [
        words.slice(0, first),
        words.slice(first, second),
        words.slice(second, third),
        words.slice(third),
      ].map((some) => some.join(':')),
    );
  return fc.tuple(cuts, cuts);
});

/** As bytes, which is what a digest is made of. */
const bytesOf = (texts: readonly string[]): string =>
  Buffer.from(joinedTexts(texts)).toString('hex');

const differAsTheyShould = ([one, other]: [string[], string[]]): boolean =>
  (bytesOf(one) === bytesOf(other)) === (JSON.stringify(one) === JSON.stringify(other));

describe('joined texts', () => {
  it('are the same for no two signals', () => {
    fc.assert(fc.property(fc.tuple(signal, signal), differAsTheyShould), { numRuns: 5000 });
    fc.assert(fc.property(wordsInTwoWays, differAsTheyShould), { numRuns: 5000 });
  });

  it('are the same for none of all short ones', () => {
    const short = ['', ...[':', 'a', '"'].flatMap((one) => [one, `${one}:`, `${one}a`, `${one}"`])];
    const all = short.flatMap((name) =>
      short.flatMap((namespace) =>
        short.flatMap((kind) => short.map((resource) => [name, namespace, kind, resource])),
      ),
    );
    const signals = all.filter(([name, , kind]) => name !== '' && kind !== '');
    expect(new Set(signals.map(bytesOf)).size).toBe(signals.length);
    const resources = new Set(
      signals.map(([, namespace, kind = '', name = '']) =>
        resourceText({ namespace, resource: { kind, name } }),
      ),
    );
    expect(resources.size).toBe(new Set(signals.map(([, ...one]) => JSON.stringify(one))).size);
  });
});
