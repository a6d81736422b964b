import { randomUUID } from 'node:crypto';
import { SealingError } from '@secureconnect/service';
import { expect, it } from 'vitest';
import { hashOf, sealedAddresses } from './addresses.ts';

const [first, second] = ['a'.repeat(40), 'b'.repeat(40)];
const address = { kind: 'fcm', token: 'token-of-a-device-that-is-long' } as const;
const tokenId = randomUUID();

it('an address that was sealed with the secret before is opened, and sealed anew with the current one', () => {
  const before = sealedAddresses({ current: first, previous: undefined });
  const during = sealedAddresses({ current: second, previous: first });
  const after = sealedAddresses({ current: second, previous: undefined });
  const old = before.seal(tokenId, address);
  expect(during.open(tokenId, old)).toEqual(address);
  expect(after.open(tokenId, during.seal(tokenId, address))).toEqual(address);
  expect(() => after.open(tokenId, old)).toThrow(SealingError);
});

it('an address that was copied to a different token, or changed, is not opened', () => {
  const addresses = sealedAddresses({ current: first, previous: undefined });
  const sealed = addresses.seal(tokenId, address);
  expect(() => addresses.open(randomUUID(), sealed)).toThrow(SealingError);
  const changed = Buffer.from(sealed);
  changed.writeUInt8(changed.readUInt8(changed.byteLength - 1) ^ 1, changed.byteLength - 1);
  expect(() => addresses.open(tokenId, changed)).toThrow(SealingError);
});

it('an address is recognized whatever its keys are, and not across kinds', () => {
  const web = (p256dh: string) =>
    ({ kind: 'web', endpoint: 'https://push.example.com/a', keys: { p256dh, auth: 'a' } }) as const;
  expect(hashOf(web('one'))).toEqual(hashOf(web('another')));
  expect(hashOf({ kind: 'apns', token: address.token })).not.toEqual(hashOf(address));
});
