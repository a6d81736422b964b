import { expect, it } from 'vitest';
import { acceptedEncoding } from './accepted-encoding.ts';

const both = { br: true, gzip: true };

it.each([
  ['gzip, deflate, br', both, 'br'],
  ['gzip, deflate, br', { gzip: true }, 'gzip'],
  ['br;q=0, GZIP;q=0.5', both, 'gzip'],
  ['gzip;q=0', both, undefined],
  ['br; q=nothing', both, undefined],
  ['br', { gzip: true }, undefined],
  ['', both, undefined],
  [undefined, both, undefined],
])('of %j, with %j, takes %j', (header, existing, encoding) => {
  expect(acceptedEncoding(header, existing)).toBe(encoding);
});
