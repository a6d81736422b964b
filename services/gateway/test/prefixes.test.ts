import { expect, it } from 'vitest';
import { prefixes } from '../src/routes/prefixes.ts';

it('passes on what the services declare, each prefix to one of them', () => {
  expect(prefixes.map(({ path, service }) => `${path} ${service}`).toSorted()).toEqual([
    '/.well-known/jwks.json auth',
    '/v1/admin auth',
    '/v1/auth auth',
    '/v1/calls video',
    '/v1/conversations chat',
    '/v1/friends auth',
    '/v1/keys auth',
    '/v1/messages chat',
    '/v1/presence chat',
    '/v1/push video',
    '/v1/storage storage',
    '/v1/users auth',
    '/v1/ws/ticket auth',
  ]);
});
