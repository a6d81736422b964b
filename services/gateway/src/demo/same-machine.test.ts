import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { isFromSameMachine } from './same-machine.ts';

const from = (remoteAddress: string, headers: IncomingMessage['headers'] = {}) =>
  isFromSameMachine({
    socket: { remoteAddress },
    headers: { host: 'localhost:8080', ...headers },
  } as IncomingMessage);

describe('a request of the same machine', () => {
  it.each(['127.0.0.1', '::1', '::ffff:127.0.0.1', '127.8.9.1'])('comes from %s', (address) => {
    expect(from(address)).toBe(true);
  });

  it.each(['10.0.0.1', '::ffff:192.168.1.7', 'fe80::1', ''])('does not come from %j', (address) => {
    expect(from(address)).toBe(false);
  });

  it.each(['localhost', '127.0.0.1:9', '[::1]:8080', 'LOCALHOST:8080'])('names %s', (host) => {
    expect(from('127.0.0.1', { host })).toBe(true);
  });

  it.each(['chat.example.com', 'localhost.example.com:8080', '10.0.0.1', ''])(
    'does not name %j',
    (host) => {
      expect(from('127.0.0.1', { host })).toBe(false);
    },
  );

  it('comes from a program, or from a page of the gateway', () => {
    expect(from('::1', { 'sec-fetch-site': 'same-origin' })).toBe(true);
    expect(from('::1', { 'sec-fetch-site': 'none' })).toBe(true);
    expect(from('::1', { 'sec-fetch-site': 'same-site' })).toBe(false);
    expect(from('::1', { 'sec-fetch-site': 'cross-site' })).toBe(false);
  });

  it('is not forwarded for somebody else', () => {
    expect(from('::1', { 'x-forwarded-for': '10.0.0.1' })).toBe(false);
    expect(from('::1', { forwarded: 'for=10.0.0.1' })).toBe(false);
  });
});
