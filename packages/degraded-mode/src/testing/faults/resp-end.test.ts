import { expect, it } from 'vitest';
import { respEnd } from './resp-end.ts';

it.each([
  ['+OK\r\n'],
  ['-ERR no\r\n'],
  [':12\r\n'],
  ['$-1\r\n'],
  ['$5\r\na\r\nbc\r\n'],
  ['*0\r\n'],
  ['*-1\r\n'],
  ['*2\r\n$3\r\none\r\n*1\r\n:1\r\n'],
  ['%1\r\n+a\r\n$1\r\nb\r\n'],
])('%j ends where it does, and not before', (reply) => {
  expect(respEnd(`${reply}+more\r\n`)).toBe(reply.length);
  for (let length = 0; length < reply.length; length += 1) {
    expect(respEnd(reply.slice(0, length))).toBeUndefined();
  }
});

it('refuses what is no reply', () => {
  expect(() => respEnd('HTTP/1.1 200 OK\r\n')).toThrow('not a reply of Redis');
});
