import { describe, expect, it } from 'vitest';
import { madeUp, operation } from './made-up.ts';
import { revocations } from './revocations.ts';

const probe = (name: 'profile' | 'logout' | 'refresh', startMs: number, status: number) =>
  operation({ name, startMs, status, facts: { revokedAtMs: 1000 } });

const judge = (...operations: ReturnType<typeof probe>[]) =>
  revocations.judge(madeUp({ operations }));

describe('revoked tokens', () => {
  it('are refused', () => {
    const verdict = judge(probe('profile', 1001, 401), probe('refresh', 1001, 503));
    expect(verdict).toEqual({ broken: [], judged: 2, seen: '2 probes, none accepted' });
  });

  it('may be accepted for a minute by a row that continues with a copy', () => {
    const verdict = judge(probe('profile', 5000, 200));
    expect(verdict).toEqual({
      broken: [],
      judged: 1,
      seen: '1 probes, accepted up to 4000 ms later (profile at auth-1)',
    });
    expect(judge(probe('profile', 61_001, 200)).broken).toHaveLength(1);
  });

  it('must not be accepted at all by a row that fails closed', () => {
    expect(judge(probe('logout', 1001, 200)).broken).toHaveLength(1);
    expect(judge(probe('refresh', 1001, 200)).broken).toHaveLength(1);
  });
});
