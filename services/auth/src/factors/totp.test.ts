import { generateSync } from 'otplib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newTotpSecret, stepOfCode, totpUri } from './totp.ts';

/** The key of RFC 6238, appendix B: "12345678901234567890". */
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => vi.useRealTimers());

describe('a code', () => {
  it.each([
    [59, '287082'],
    [1111111109, '081804'],
    [1234567890, '005924'],
    [20000000000, '353130'],
  ])('of RFC 6238, appendix B, at %i s is %s', async (seconds, code) => {
    vi.setSystemTime(seconds * 1000);
    expect(await stepOfCode(secret, code)).toBe(Math.floor(seconds / 30));
  });

  it('is accepted in its 30 seconds and the 30 after them, and at no other time', async () => {
    const step = 59_000_000;
    const code = generateSync({ secret, epoch: step * 30 });
    const accepted: number[] = [];
    for (let second = -60; second < 120; second += 1) {
      vi.setSystemTime((step * 30 + second) * 1000);
      const found = await stepOfCode(secret, code);
      expect([step, undefined]).toContain(found);
      if (found !== undefined) accepted.push(second);
    }
    expect(accepted).toEqual(Array.from({ length: 60 }, (_, second) => second));
  });
});

it('a secret has 160 bits, and its address survives any e-mail address', () => {
  expect(newTotpSecret()).toMatch(/^[A-Z2-7]{32}$/);
  expect(newTotpSecret()).not.toBe(newTotpSecret());
  const email = `o'neil+a&b=c%d?e#f@example.com`;
  const uri = new URL(totpUri(secret, email));
  expect(uri.searchParams.get('secret')).toBe(secret);
  expect(decodeURIComponent(uri.pathname)).toContain(email);
});
