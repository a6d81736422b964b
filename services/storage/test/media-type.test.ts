import { expect, test } from 'vitest';
import { sameMediaType } from '../src/http/media-type.ts';

test.each([
  ['text/plain', 'Text/PLAIN'],
  ['text/plain; charset=utf-8', 'text/plain;charset=utf-8'],
  ['text/plain;\tcharset = utf-8 ', ' text/plain ; charset=UTF-8'],
  ['text/plain; name="a b"', 'text/plain;name="a b"'],
])('%j is the same media type as %j', (one, other) => {
  expect(sameMediaType(one, other)).toBe(true);
});

test.each([
  ['text/plain', 'text/html'],
  ['text/plain', 'text/plain; charset=utf-8'],
  ['text/plain; name="a b"', 'text/plain; name="ab"'],
  ['text/plain', ''],
  ['text/plain', `text/plain${' '.repeat(600)}`],
])('%j is a different media type from %j', (one, other) => {
  expect(sameMediaType(one, other)).toBe(false);
});
