import { expect, it } from 'vitest';
import { readUrl } from './read-url.ts';

it('a URL has a server, a database, a user and a family; nothing else of its query is read', () => {
  expect(readUrl('rediss://ada:p%40ss@[::1]:7000/3?family=6&lazyConnect=false')).toEqual({
    ...{ host: '::1', port: 7000, isTls: true, database: 3 },
    ...{ username: 'ada', password: 'p@ss', family: 6 },
  });
  expect(readUrl('redis://cache')).toEqual({ host: 'cache', port: 6379, isTls: false });
});

it.each(['', 'cache', 'localhost:6379', 'http://user:secret@cache'])(
  '%j is refused, without its password',
  (text) => {
    expect(() => readUrl(text)).toThrow(TypeError);
    expect(() => readUrl(text)).not.toThrow(/secret/);
  },
);
