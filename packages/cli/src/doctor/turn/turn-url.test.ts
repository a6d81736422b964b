import { describe, expect, it } from 'vitest';
import { readTurnUrl } from './turn-url.ts';

describe('a URL of TURN', () => {
  it.each([
    ['turn:relay.acme.org', 'relay.acme.org', 3478, 'udp'],
    ['turn:192.0.2.1:80?transport=tcp', '192.0.2.1', 80, 'tcp'],
    ['turns:relay.acme.org', 'relay.acme.org', 5349, 'tls'],
    ['turns:[2001:db8::1]:443?transport=tcp', '2001:db8::1', 443, 'tls'],
  ])('%s is a place', (url, host, port, transport) => {
    expect(readTurnUrl(url)).toEqual({ url, host, port, transport });
  });

  it.each(['stun:relay.acme.org', 'turn:', 'turn:relay:port'])('%s is none', (url) => {
    expect(() => readTurnUrl(url)).toThrow('TURN_URLS has an entry that is no turn: URL');
  });
});
