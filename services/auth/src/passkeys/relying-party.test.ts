import { ConfigError } from '@secureconnect/service';
import { expect, it } from 'vitest';
import { relyingParty } from './relying-party.ts';

it('is localhost in development, and nobody in production', () => {
  expect(relyingParty(undefined, [], false)).toEqual({
    id: 'localhost',
    origins: ['http://localhost:8080'],
  });
  expect(relyingParty(undefined, [], true)).toBeUndefined();
});

it.each([
  ['example.com', [], ['https://example.com']],
  ['example.com', ['https://app.example.com', 'https://example.com:8443'], undefined],
  ['localhost', ['http://localhost:3000'], undefined],
] as const)('%s with the origins %j is good', (id, origins, expected) => {
  expect(relyingParty(id, origins, id !== 'localhost')).toEqual({
    id,
    origins: expected ?? origins,
  });
});

it.each([
  [undefined, ['https://example.com'], 'PASSKEY_ORIGINS needs PASSKEY_RP_ID.'],
  ['localhost', [], 'PASSKEY_RP_ID is "localhost"; expected a domain'],
  ['203.0.113.7', [], 'PASSKEY_RP_ID is "203.0.113.7"; expected a domain'],
  ['Example.com', [], 'PASSKEY_RP_ID is "Example.com"; expected a domain'],
  ['https://example.com', [], 'expected a domain'],
  ['example.com', ['http://example.com'], 'PASSKEY_ORIGINS has "http://example.com"'],
  ['example.com', ['https://example.org'], 'PASSKEY_ORIGINS has "https://example.org"'],
  ['example.com', ['https://badexample.com'], 'PASSKEY_ORIGINS has "https://badexample.com"'],
  ['example.com', ['https://app.example.com/'], 'PASSKEY_ORIGINS has "https://app.example.com/"'],
  ['example.com', ['*'], 'PASSKEY_ORIGINS has "*"'],
] as const)('%s with the origins %j is refused in production', (id, origins, message) => {
  const read = () => relyingParty(id, origins, true);
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(message);
});
