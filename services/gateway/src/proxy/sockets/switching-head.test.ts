import { describe, expect, it } from 'vitest';
import { readSwitchingHead } from './switching-head.ts';

const status = 'HTTP/1.1 101 Switching Protocols\r\n';
const socket = 'Upgrade: websocket\r\nConnection: Upgrade\r\n';
const read = (text: string) => readSwitchingHead(Buffer.from(text, 'latin1'));

describe('the head of a 101', () => {
  it('is read with its headers as they are, and with the bytes after it', () => {
    const found = read(
      `${status}${socket}X-Own:a, b\r\nX-Own: \xe4\tc  d\r\n\r\n\x81\x02hi\r\n\r\n`,
    );
    expect(found?.rawHeaders).toEqual([
      ...['Upgrade', 'websocket', 'Connection', 'Upgrade'],
      ...['X-Own', 'a, b', 'X-Own', '\xe4\tc  d'],
    ]);
    expect(found?.rest.toString('latin1')).toBe('\x81\x02hi\r\n\r\n');
  });

  it('may have no reason phrase', () => {
    expect(read(`HTTP/1.1 101\r\n${socket}\r\n`)?.rest).toHaveLength(0);
  });

  it('is none as long as a byte of it is missing', () => {
    const whole = `${status}${socket}\r\n`;
    for (let length = 0; length < whole.length; length += 1) {
      expect(read(whole.slice(0, length))).toBeUndefined();
    }
  });

  it.each([
    ['another status', `HTTP/1.1 200 OK\r\n${socket}\r\n`],
    ['a status that begins like it', `HTTP/1.1 1010\r\n${socket}\r\n`],
    ['another version', `HTTP/1.0 101 x\r\n${socket}\r\n`],
    ['an interim reply before it', `HTTP/1.1 103 x\r\n\r\n${status}${socket}\r\n`],
    ['no Upgrade', `${status}Connection: Upgrade\r\n\r\n`],
    ['another protocol', `${status}Upgrade: h2c\r\nConnection: Upgrade\r\n\r\n`],
    ['a length', `${status}${socket}Content-Length: 1\r\n\r\n`],
    ['a transfer coding', `${status}${socket}transfer-encoding: chunked\r\n\r\n`],
    ['a folded header', `${status}${socket}X: a\r\n b\r\n\r\n`],
    ['a space before a colon', `${status}${socket}X : a\r\n\r\n`],
    ['a header without a name', `${status}${socket}: a\r\n\r\n`],
    ['a header without a value', `${status}${socket}X:\r\n\r\n`],
    ['spaces around a value', `${status}${socket}X:  a \r\n\r\n`],
    ['a line feed alone', `${status}${socket}X: a\nY: b\r\n\r\n`],
    ['a carriage return alone', `${status}${socket}X: a\rY: b\r\n\r\n`],
    ['NUL', `${status}${socket}X: a\0\r\n\r\n`],
    ['line feeds only', `${status}${socket}\r\n`.replaceAll('\r', '')],
    ['more than 16 KiB', `${status}${socket}X: ${'x'.repeat(16 * 1024)}\r\n\r\n`],
  ])('is left to the parser of Node.js with %s', (_what, text) => {
    expect(read(text)).toBeUndefined();
  });
});
