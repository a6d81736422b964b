import { randomUUID } from 'node:crypto';
import { SealingError } from '@secureconnect/service';
import { expect, it } from 'vitest';
import { createFactorKeys } from './factor-keys.ts';

const secret = 'a secret of the test, long enough';
const otherSecret = 'a different secret, long enough too';
const keys = createFactorKeys(secret);
const userId = randomUUID();

it('a secret comes back for its user, and differs at each encryption', () => {
  const [one, other] = [keys.encrypt(userId, 'ABC234'), keys.encrypt(userId, 'ABC234')];
  expect(keys.decrypt(userId, one)).toBe('ABC234');
  expect(one).not.toEqual(other);
  expect(one.toString('latin1')).not.toContain('ABC234');
});

it('a row of a different user, a different key and a change of any byte are refused', () => {
  const stored = keys.encrypt(userId, 'ABC234');
  expect(() => keys.decrypt(randomUUID(), stored)).toThrow(SealingError);
  expect(() => createFactorKeys(otherSecret).decrypt(userId, stored)).toThrow('unknown');
  for (let index = 0; index < stored.length; index += 1) {
    const changed = Buffer.from(stored);
    changed[index] = (changed[index] ?? 0) ^ 1;
    expect(() => keys.decrypt(userId, changed), `byte ${index}`).toThrow(SealingError);
  }
  for (const length of [0, 1, 16, 33]) {
    expect(() => keys.decrypt(userId, stored.subarray(0, length))).toThrow(SealingError);
  }
});

it('during a rotation the previous secret decrypts, and only the new one encrypts', () => {
  const stored = keys.encrypt(userId, 'ABC234');
  const rotated = createFactorKeys(otherSecret, secret);
  expect(rotated.decrypt(userId, stored)).toBe('ABC234');
  const again = rotated.encrypt(userId, 'ABC234');
  expect(again.subarray(1, 5)).toEqual(rotated.currentKeyId);
  expect(rotated.currentKeyId).not.toEqual(keys.currentKeyId);
  expect(createFactorKeys(otherSecret).decrypt(userId, again)).toBe('ABC234');
});
