import { failOpen } from '@secureconnect/degraded-mode';
import type { StoredEffect } from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { effectsOf, wrongAboutSkips, wrongStored } from './effects.ts';
import type { Outcome } from './outcome.ts';

const made: StoredEffect = { count: 'SELECT count(*) FROM made', values: [] };
const begun: StoredEffect = { count: 'SELECT count(*) FROM begun', values: [], by: 'newSessions' };

function answered(status: number, degraded: string | null = null): Outcome {
  return { status, degraded, text: '', isJson: true, retryAfter: null, durationMs: 3 };
}

function judged(before: number, after: number, outcome: Outcome): string | undefined {
  return wrongStored([made], { before: [before], after: [after] }, outcome);
}

describe('what a sample says that it stores', () => {
  it('is nothing for a GET, and must be said of all that writes', () => {
    expect(effectsOf('GET', {})).toEqual([]);
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      expect(effectsOf(method, {})).toBeUndefined();
      expect(effectsOf(method, { effect: 'none: it is kept nowhere' })).toEqual([]);
      expect(effectsOf(method, { effect: made })).toEqual([made]);
      expect(effectsOf(method, { effect: [made, begun] })).toEqual([made, begun]);
    }
  });
});

describe('the judge of what is stored', () => {
  it('wants it once after a success, and not before', () => {
    expect(judged(0, 1, answered(201))).toBeUndefined();
    expect(judged(0, 0, answered(201))).toMatch(/^stored 0 times instead of 1/);
    expect(judged(0, 2, answered(200))).toMatch(/^stored 2 times instead of 1/);
    expect(judged(1, 1, answered(200))).toMatch(/^had happened before/);
    expect(judged(0, Number.NaN, answered(200))).toMatch(/^stored NaN times/);
  });

  it('wants nothing after a refusal or an error', () => {
    for (const status of [503, 500, 429, 401]) {
      expect(judged(0, 0, answered(status))).toBeUndefined();
      expect(judged(0, 1, answered(status))).toMatch(/^stored 1 times instead of 0/);
    }
  });

  it('wants nothing of a port that the reply names as skipped, and all else as ever', () => {
    const both = (after: readonly number[], degraded: string | null) =>
      wrongStored([made, begun], { before: [0, 0], after }, answered(201, degraded));
    const skipped = 'directory=skip, new-sessions=skip';
    expect(both([1, 0], skipped)).toBeUndefined();
    expect(both([1, 1], skipped)).toMatch(/1 times instead of 0: .* begun/);
    expect(both([0, 0], skipped)).toMatch(/0 times instead of 1: .* made/);
    expect(both([1, 1], 'directory=skip')).toBeUndefined();
    expect(both([1, 0], 'new-sessions=local')).toMatch(/0 times instead of 1: .* begun/);
    expect(both([1, 0], null)).toMatch(/0 times instead of 1: .* begun/);
  });
});

describe('the judge of samples whose ports may be skipped', () => {
  const row = (service: 'auth' | 'chat', route: string) => ({
    service,
    policy: { route, operation: 'x', whenRedisDown: {} },
  });
  const skipped = (port: string) => [{ port, fallback: failOpen.skip() }];

  it('wants each to say what is not stored then, unless that is known to be elsewhere', () => {
    const register = row('auth', 'POST /v1/auth/register');
    expect(wrongAboutSkips(register, skipped('newSessions'), [made, begun])).toBeUndefined();
    expect(wrongAboutSkips(register, skipped('newSessions'), [made])).toMatch(/ by newSessions,/);
    expect(wrongAboutSkips(register, skipped('directory'), [])).toBeUndefined();
    expect(wrongAboutSkips(row('chat', 'GET /x'), skipped('directory'), [])).toMatch(
      / by directory,/,
    );
    const local = [{ port: 'newSessions', fallback: failOpen.local() }];
    expect(wrongAboutSkips(register, local, [])).toBeUndefined();
  });
});
