import { describe, expect, it } from 'vitest';
import { isLoopback, isPublic } from './hosts.ts';

describe('a host', () => {
  it.each([
    'localhost',
    'a.localhost',
    '127.0.0.1',
    '127.9.9.9',
    '::1',
    '[::1]',
    '::ffff:127.0.0.1',
  ])('%s is this machine, and not public', (host) => {
    expect(isLoopback(host)).toBe(true);
    expect(isPublic(host)).toBe(false);
  });

  it.each(['8.8.8.8', '2606:4700::1', '[2606:4700::1]', 'api.acme.org'])('%s is public', (host) => {
    expect(isPublic(host)).toBe(true);
    expect(isLoopback(host)).toBe(false);
  });

  it.each([
    ...['redis', '10.0.0.1', '192.168.1.1', '172.16.0.1', '169.254.1.1', 'fd00::1', '100.64.0.1'],
    ...['db.local', 'db.internal', 'auth.chat.svc', 'nas.home.arpa'],
  ])('%s is neither', (host) => {
    expect(isPublic(host)).toBe(false);
    expect(isLoopback(host)).toBe(false);
  });
});
