import { describe, expect, it } from 'vitest';
import { judgeCertificate } from './judge-certificate.ts';

const day = 86_400_000;
const now = Date.parse('2026-06-01T00:00:00Z');
const judge = (lifetimeDays: number, leftDays: number, distrust?: string) =>
  judgeCertificate(
    'the certificate',
    {
      validFromMs: now + (leftDays - lifetimeDays) * day,
      validUntilMs: now + leftDays * day,
      distrust,
    },
    now,
  )?.status;

describe('the judgment of a certificate', () => {
  it.each([
    [90, 30, undefined],
    [90, 15, undefined],
    [90, 14, 'warn'],
    [90, 3, 'warn'],
    [90, 2, 'fail'],
    [3650, 21, undefined],
    [3650, 19, 'warn'],
    [6, 2, undefined],
    [6, 0.9, 'warn'],
    [6, 0.4, 'fail'],
    [90, 0, 'fail'],
    [90, -1, 'fail'],
    [90, 91, 'fail'],
  ])('of %d days with %d left is %s', (lifetime, left, expected) => {
    expect(judge(lifetime, left)).toBe(expected);
  });

  it('fails for one that is not trusted', () => {
    expect(judge(90, 60, 'SELF_SIGNED_CERT_IN_CHAIN')).toBe('fail');
  });
});
