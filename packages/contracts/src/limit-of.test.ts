import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { httpEndpoints } from './endpoints/all.ts';
import { limitOf } from './limit-of.ts';

const id = '0f0e0d0c-0b0a-4908-8706-050403020100';

test.each([
  ['POST', '/v1/auth/register', 'register', 5, 'address'],
  ['POST', '/v1/auth/login', 'login', 10, 'address'],
  ['POST', '/v1/auth/password-reset/request', 'password-reset-request', 3, 'address'],
  ['POST', '/v1/auth/password-reset/confirm', 'password-reset-confirm', 5, 'address'],
  ['POST', '/v1/messages', 'messages', 100, 'user'],
  ['GET', '/v1/messages/search?q=x', 'search', 50, 'user'],
  ['HEAD', '/v1/messages/search', 'search', 50, 'user'],
  ['PATCH', `/v1/messages/${id}?conversation_id=${id}`, 'default', 100, 'user'],
  ['POST', `/v1/messages/${id}/read`, 'default', 100, 'user'],
  ['POST', `/v1/messages/${id}/forward`, 'default', 100, 'user'],
  ['GET', '/v1/messages/pinned', 'default', 100, 'user'],
  ['POST', '/v1/users/blocks', 'default', 100, 'user'],
  ['POST', '/v1/calls/initiate', 'initiate', 10, 'user'],
  ['POST', `/v1/calls/${id}/join`, 'join', 10, 'user'],
  ['POST', '/v1/storage/upload-url', 'upload-url', 20, 'user'],
  ['POST', '/v1/storage/multipart', 'upload-url', 20, 'user'],
  ['POST', `/v1/storage/multipart/${id}/part-url`, 'default', 100, 'user'],
  ['DELETE', `/v1/storage/multipart/${id}`, 'default', 100, 'user'],
  ['GET', `/v1/storage/objects/${id}?signature=x`, 'objects', 600, 'address'],
  ['HEAD', `/v1/storage/objects/${id}`, 'objects', 600, 'address'],
  ['PUT', `/v1/storage/objects/${id}`, 'objects', 600, 'address'],
  ['PUT', `/v1/storage/objects/${id}/parts/3?signature=x`, 'objects', 600, 'address'],
  ['GET', `/v1/storage/objects/${id}/parts/3`, 'default', 100, 'user'],
  ['DELETE', `/v1/storage/objects/${id}`, 'default', 100, 'user'],
  ['POST', '/v1/auth/logout', 'default', 100, 'user'],
  ['GET', '/v1/auth/login', 'default', 100, 'user'],
  ['GET', '/v1/messages', 'default', 100, 'user'],
  ['GET', '/health', 'default', 100, 'address'],
  ['GET', '/openapi.json', 'default', 100, 'address'],
  ['GET', '/openapi-json', 'default', 100, 'user'],
  ['POST', '/v1/auth/%zz', 'default', 100, 'user'],
  ['POST', '', 'default', 100, 'user'],
])('%s %s counts as %s, %i a minute, by %s', (method, path, bucket, perMinute, countedBy) => {
  expect(limitOf(method, path)).toEqual({ bucket, perMinute, countedBy });
});

test('a refresh counts by its session, and by address as well, against invented ones', () => {
  expect(limitOf('POST', '/v1/auth/refresh')).toEqual({
    bucket: 'refresh',
    perMinute: 10,
    countedBy: 'session',
    perMinuteOfAddress: 600,
  });
});

/** How Express 5 (path-to-regexp 8, neither strict nor case sensitive) matches a path. */
const expressPattern = (path: string) =>
  new RegExp(`^(?:${path.replaceAll('.', '\\.').replaceAll(/:\w+/g, '([^/]+)')})(?:/$)?$`, 'i');

const randomCase = (path: string) =>
  fc
    .array(fc.boolean(), { minLength: path.length, maxLength: path.length })
    .map((upper) => [...path].map((c, i) => (upper[i] === true ? c.toUpperCase() : c)).join(''));

const limited = httpEndpoints.filter(({ limit }) => limit !== undefined);
const row = fc.constantFrom(...limited);
const parameter = fc.oneof(
  fc.uuid(),
  fc.webSegment().filter((segment) => segment !== ''),
  fc.constantFrom('..', '.', '%2e%2e', '..%2f..', '%zz', 'a\\b', '%', ';', '@'),
);
const filled = fc
  .tuple(row, parameter)
  .map(([found, value]) => ({ found, path: found.path.replaceAll(/:\w+/g, () => value) }));

/** Spellings made by damaging a path, many of which lead nowhere. */
const damaged = fc
  .tuple(
    filled,
    fc.nat(),
    fc.constantFrom('/', '//', '\\', '%2f', '%2F', '%6c', '.', './', '../', 'x/../', '?', '#', ' '),
  )
  .map(([{ found, path }, at, piece]) => {
    const place = at % (path.length + 1);
    return { found, path: path.slice(0, place) + piece + path.slice(place) };
  });

describe('no spelling dodges a limit', () => {
  test('in any case, with a trailing slash, a query or an authority', () => {
    const spelling = filled.chain(({ found, path }) =>
      fc
        .tuple(
          randomCase(path),
          fc.constantFrom('', '/'),
          fc.constantFrom('', '?', '?a=b/../c', '#x'),
          fc.constantFrom('', 'http://host', 'HTTPS://user@host:80'),
        )
        .map(([cased, slash, tail, authority]) => ({
          found,
          target: authority + cased + slash + tail,
        })),
    );
    fc.assert(
      fc.property(spelling, ({ found, target }) => {
        expect(limitOf(found.method, target)).toEqual(found.limit);
      }),
      { numRuns: 500 },
    );
  });

  test('whatever is done to a path, where Express would route it, it has the route’s bucket', () => {
    fc.assert(
      fc.property(fc.oneof(filled, damaged), ({ found, path }) => {
        const pathname = path.replace(/[?#].*$/s, '');
        const routed = limited.find(
          (each) => each.method === found.method && expressPattern(each.path).test(pathname),
        );
        const limit = limitOf(found.method, path);
        if (routed !== undefined) expect(limit.bucket).toBe(routed.limit?.bucket);
        else expect(limit.countedBy).toBe('user');
      }),
      { numRuns: 2000 },
    );
  });

  test('spellings that a more forgiving server would take count too, by user or address', () => {
    for (const path of [
      '/v1/auth/%6cogin',
      '/v1//auth///login',
      '//v1/auth/login',
      '/v1/auth%2Flogin',
      '/v1/x/../auth/login',
      '/v1/%2e/auth/login',
      '/v1\\auth\\login',
      '/v1/auth/login//',
      '/v1/auth/login%20',
      '/v1/auth/login\u00a0',
    ]) {
      expect(limitOf('POST', path)).toEqual({
        bucket: 'login',
        perMinute: 10,
        countedBy: 'user',
      });
    }
  });

  test('anything at all has a limit', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ unit: 'binary' }), (method, path) => {
        expect(limitOf(method, path).perMinute).toBeGreaterThan(0);
      }),
    );
  });
});
