import { expect, it } from 'vitest';
import { outcomeOf, retryAfterSeconds } from './push-reply.ts';

const now = Date.parse('2026-01-31T12:00:00Z');

it.each([
  ['120', 120],
  ['0', 0],
  ['Sat, 31 Jan 2026 12:00:30 GMT', 30],
  ['Sat, 31 Jan 2026 11:00:00 GMT', 0],
  ['999999', 3600],
  ['soon', undefined],
  ['-5', undefined],
  ['', undefined],
  [null, undefined],
])('a service that answers Retry-After: %s is asked again after %s seconds', (header, seconds) => {
  expect(retryAfterSeconds(header, now)).toBe(seconds);
});

it.each([
  [200, 'sent'],
  [201, 'sent'],
  [301, 'refused'],
  [400, 'refused'],
  [403, 'refused'],
  [404, 'gone'],
  [410, 'gone'],
  [413, 'refused'],
  [429, 'failed'],
  [500, 'failed'],
  [503, 'failed'],
])('the status %s means %s', (status, result) => {
  expect(outcomeOf(status, 'REASON', null).result).toBe(result);
});
