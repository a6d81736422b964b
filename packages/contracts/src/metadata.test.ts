import fc from 'fast-check';
import { expect, test } from 'vitest';
import { METADATA_MAX_BYTES, Metadata } from './metadata.ts';

const nested = (levels: number): unknown =>
  JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);

const messageFor = (value: unknown) => Metadata.safeParse(value).error?.issues[0]?.message;

test('metadata is at most 8 KiB when serialised', () => {
  const empty = JSON.stringify({ a: '' }).length;
  expect(messageFor({ a: 'x'.repeat(METADATA_MAX_BYTES - empty) })).toBeUndefined();
  expect(messageFor({ a: 'x'.repeat(METADATA_MAX_BYTES - empty + 1) })).toMatch(/8192 bytes/);
  expect(messageFor({ a: 'é'.repeat(METADATA_MAX_BYTES / 2) })).toMatch(/8192 bytes/);
});

test('metadata is at most 8 levels deep, and deeper nesting never meets the call stack', () => {
  expect(messageFor(nested(8))).toBeUndefined();
  expect(messageFor(nested(9))).toBe('expected at most 8 levels');
  const list = JSON.parse(`{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`);
  let deep: unknown = list;
  for (let level = 0; level < 200_000; level += 1) deep = [deep];
  expect(messageFor({ deep })).toBe('expected at most 8 levels');
});

test('metadata that jsonb cannot hold is refused', () => {
  expect(messageFor({ a: ['\0'] })).toBe('must not contain NUL characters');
  expect(messageFor({ a: { 'k\0': 1 } })).toBe('keys must not contain NUL characters');
  expect(messageFor({ a: '\udc00' })).toBe('must be well-formed Unicode');
  expect(messageFor(JSON.parse('{"a":1e400}'))).toBe('numbers are too large');
});

test('only an object is metadata', () => {
  for (const value of [[], 'x', 1, null, true]) expect(messageFor(value)).toBeDefined();
});

test('accepted metadata is kept as it is and reads the same again', () => {
  const json = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 }));
  fc.assert(
    fc.property(json, (value) => {
      const first = Metadata.safeParse(value);
      if (!first.success) return;
      expect(Metadata.parse(first.data)).toEqual(first.data);
      const { ['__proto__']: _dropped, ...kept } = value;
      expect(first.data).toEqual(kept);
    }),
  );
});
