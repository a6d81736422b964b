import type { IncomingMessage } from 'node:http';
import express from 'express';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientAddress, type TrustProxy } from './client-address.ts';

/** As the app of a service makes it of TRUSTED_PROXIES. */
function trusting(...proxies: string[]): TrustProxy {
  return express().set('trust proxy', proxies).get('trust proxy fn');
}

function from(peer: string | undefined, forwardedFor: string | undefined, isTrusted: TrustProxy) {
  const request = {
    socket: { remoteAddress: peer },
    headers: forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor },
  };
  return clientAddress(request as IncomingMessage, isTrusted);
}

const near = trusting('loopback', '10.0.0.0/8', 'fc00::/7');

describe('the client of a request', () => {
  it.each([
    ['::1', undefined, '::1'],
    ['::ffff:127.0.0.1', '198.51.100.9', '198.51.100.9'],
    ['127.0.0.1', '198.51.100.9:40001', '198.51.100.9'],
    ['127.0.0.1', '[2001:DB8::1]:40001', '2001:db8::1'],
    // Proxies that are trusted are passed over, also where they are named with a port.
    ['127.0.0.1', '198.51.100.9, 10.1.2.3:5000', '198.51.100.9'],
    ['127.0.0.1', '1.1.1.1, 198.51.100.9, 10.1.2.3', '198.51.100.9'],
    ['127.0.0.1', '198.51.100.9, [fd00::7]:443, ::ffff:10.1.2.3', '198.51.100.9'],
    // Nobody beyond the last of them: it is the client itself.
    ['127.0.0.1', '10.1.2.3', '10.1.2.3'],
    // Addresses that are not trusted say nothing about others.
    ['203.0.113.1', '198.51.100.9', '203.0.113.1'],
    [undefined, '198.51.100.9', 'unknown'],
    // The proxy that names nobody, not what stands before its word.
    ['127.0.0.1', 'unknown', '127.0.0.1'],
    ['127.0.0.1', '198.51.100.9, _hidden, 10.1.2.3', '10.1.2.3'],
    ['127.0.0.1', '198.51.100.9,', '127.0.0.1'],
    ['127.0.0.1', '', '127.0.0.1'],
    ['127.0.0.1', '198.51.100.9, , 10.1.2.3', '10.1.2.3'],
  ])('by %s with "%s" is %s', (peer, forwardedFor, client) => {
    expect(from(peer, forwardedFor, near)).toBe(client);
  });

  it('cannot be chosen by the client: its own headers change nothing', () => {
    const written = fc.array(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6()), { maxLength: 4 });
    const added = fc.oneof(
      fc.ipV4().filter((address) => !/^(10|127)\./.test(address)),
      fc.constantFrom('unknown', '_x', '', '198.51.100.9:1', 'unix:'),
    );
    fc.assert(
      fc.property(written, added, (own, byProxy) => {
        const alone = from('127.0.0.1', byProxy, near);
        expect(from('127.0.0.1', [...own, byProxy].join(', '), near)).toBe(alone);
      }),
      { numRuns: 500 },
    );
  });

  it('has as many addresses as proxies vouch for, whatever ports they add', () => {
    const seen = Array.from({ length: 100 }, (_, port) =>
      from('10.0.0.1', `198.51.100.9:${40_000 + port}`, near),
    );
    expect(new Set(seen)).toEqual(new Set(['198.51.100.9']));
  });
});
