import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import { ProviderToken } from './provider-token.ts';

it('a token is used for forty minutes, which Apple asks for', async () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  let nowMs = 0;
  const config = {
    url: 'https://api.push.apple.com',
    keyId: 'ABC123DEFG',
    teamId: 'DEF123GHIJ',
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    topic: 'com.example.app',
  };
  const token = new ProviderToken(config, () => nowMs);
  const first = await token.get();
  nowMs = 39 * 60_000;
  expect(await token.get()).toBe(first);
  nowMs = 41 * 60_000;
  const second = await token.get();
  expect(second).not.toBe(first);
  nowMs += 39 * 60_000;
  expect(await token.get()).toBe(second);
});
