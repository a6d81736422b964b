import bcrypt from 'bcrypt';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashPassword, isCurrentHash, matchesHash } from './password-scheme.ts';

const cost = 4;

describe('a password', () => {
  it('counts to its last character, at any length', async () => {
    const long = 'é'.repeat(255);
    const stored = await hashPassword(`${long}a`, cost);
    expect(await matchesHash(`${long}a`, stored)).toBe(true);
    expect(await matchesHash(`${long}b`, stored)).toBe(false);
  });

  it('is the same however a keyboard composes its characters', async () => {
    const stored = await hashPassword('cre\u0300me bru\u0302le\u0301e', cost);
    expect(await matchesHash('crème brûlée', stored)).toBe(true);
    expect(await matchesHash('creme brulee', stored)).toBe(false);
  });

  it('matches its own hash and no other', { timeout: 30_000 }, async () => {
    const password = fc.string({ unit: 'binary', minLength: 1, maxLength: 256 });
    await fc.assert(
      fc.asyncProperty(password, password, async (one, other) => {
        const stored = await hashPassword(one, cost);
        expect(await matchesHash(one, stored)).toBe(true);
        const isSame = one.normalize('NFKC') === other.normalize('NFKC');
        expect(await matchesHash(other, stored)).toBe(isSame);
      }),
      { numRuns: 50 },
    );
  });

  it('is not matched by its digest', async () => {
    const stored = await hashPassword('correct horse', cost);
    const digest = await hashPassword('correct horse', cost);
    expect(await matchesHash(digest, stored)).toBe(false);
  });
});

describe('a hash of bcrypt alone', () => {
  it('still matches, and is not current', async () => {
    const stored = await bcrypt.hash('correct horse', cost);
    expect(await matchesHash('correct horse', stored)).toBe(true);
    expect(await matchesHash('correct house', stored)).toBe(false);
    expect(isCurrentHash(stored, cost)).toBe(false);
  });

  it('matches no longer password that begins with its 72 bytes', async () => {
    const password = 'p'.repeat(72);
    const stored = await bcrypt.hash(password, cost);
    expect(await matchesHash(password, stored)).toBe(true);
    expect(await matchesHash(`${password}and more`, stored)).toBe(false);
  });
});

it('a hash of a lower cost is not current', async () => {
  const stored = await hashPassword('correct horse', cost);
  expect(isCurrentHash(stored, cost)).toBe(true);
  expect(isCurrentHash(stored, cost + 1)).toBe(false);
});
