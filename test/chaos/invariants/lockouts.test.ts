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

  it('must not be open after five failures, though a refusal lies between', () => {
    expect(
      judge(...failures(3), ['wrong', 503], ...failures(2), ['right', 200]).broken,
    ).toHaveLength(1);
    expect(judge(...failures(6)).broken).toHaveLength(1);
  });

  it('must not be locked after four, unless there was one of unknown outcome', () => {
    expect(judge(...failures(4), ['right', 423]).broken).toHaveLength(1);
    expect(judge(...failures(4), ['wrong', 503], ['right', 423]).broken).toEqual([]);
  });

  it('begins anew after a success', () => {
    expect(judge(...failures(4), ['right', 200], ...failures(4), ['right', 200]).broken).toEqual(
      [],
    );
    expect(
      judge(...failures(4), ['right', 200], ...failures(4), ['right', 423]).broken,
    ).toHaveLength(1);
  });
});
