import { describe, expect, it } from 'vitest';
import { lockouts } from './lockouts.ts';
import { madeUp, operation } from './made-up.ts';

/** Logins one after another: the password and the status of each. */
const judge = (...logins: ['right' | 'wrong', number][]) =>
  lockouts.judge(
    madeUp({
      operations: logins.map(([password, status], index) =>
        operation({
          name: 'login',
          startMs: index * 100,
          status,
          facts: { subject: 'ada', password },
        }),
      ),
    }),
  );
const failures = (count: number): ['wrong', number][] =>
  Array.from({ length: count }, () => ['wrong', 401]);

describe('an account', () => {
  it('is locked after five failures', () => {
    const { broken, seen } = judge(...failures(5), ['right', 423], ['wrong', 423]);
    expect(broken).toEqual([]);
    expect(seen).toBe('1 accounts locked');
  });

  it('must not be open after five failures, even with a refusal between them', () => {
    expect(
      judge(...failures(3), ['wrong', 503], ...failures(2), ['right', 200]).broken,
    ).toHaveLength(1);
    expect(judge(...failures(6)).broken).toHaveLength(1);
  });

  it('must not be locked after four, unless there was one of unknown outcome', () => {
    expect(judge(...failures(4), ['right', 423]).broken).toHaveLength(1);
    expect(judge(...failures(4), ['wrong', 503], ['right', 423]).broken).toEqual([]);
  });

  it('starts over after a success', () => {
    expect(judge(...failures(4), ['right', 200], ...failures(4), ['right', 200]).broken).toEqual(
      [],
    );
    expect(
      judge(...failures(4), ['right', 200], ...failures(4), ['right', 423]).broken,
    ).toHaveLength(1);
  });

  it('may be locked by failures while a success was judged', () => {
    const login = (password: 'right' | 'wrong', status: number, startMs: number, endMs: number) =>
      operation({ name: 'login', startMs, endMs, status, facts: { subject: 'ada', password } });
    const judgeFailuresAt = (startMs: number, endMs: number) =>
      lockouts.judge(
        madeUp({
          operations: [
            login('right', 200, 100, 200),
            ...Array.from({ length: 5 }, () => login('wrong', 401, startMs, endMs)),
            login('right', 423, 300, 310),
          ],
        }),
      );
    expect(judgeFailuresAt(110, 120).broken).toEqual([]);
    expect(judgeFailuresAt(10, 20).broken.join()).toContain('locked after 0 failures');
  });
});
