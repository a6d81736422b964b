import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Check } from './check.ts';
import { openDeployment } from './deployment.ts';
import { CannotLook, fail, type Outcome, ok, warn } from './outcome.ts';
import { linesOf, reportOf } from './render.ts';
import { passes, runChecks } from './run-checks.ts';

const checkOf = (name: string, run: () => Promise<Outcome>): Check => ({
  ...{ name, run, finds: '', source: '' },
});
const jwtSecret = 'k8Jq2vX0cW5tY7uR3oP9sD1fG4hL6zBn';
const databaseUrl = 'postgresql://chat:pass%2Fword@db/chat';
const deployment = openDeployment({ JWT_SECRET: jwtSecret, DATABASE_URL: databaseUrl }, undefined);
const never = () => new Promise<Outcome>(() => undefined);

describe('running checks', () => {
  it('keeps their order, whichever has its result first', async () => {
    const slow = checkOf('slow', () => delay(20, ok('at last')));
    const results = await runChecks(
      [slow, checkOf('quick', async () => ok('at once'))],
      deployment,
    );
    expect(results.map(({ check }) => check)).toEqual(['slow', 'quick']);
  });

  it('runs at most eight at a time', async () => {
    let running = 0;
    let most = 0;
    const check = checkOf('one', async () => {
      running += 1;
      most = Math.max(most, running);
      await delay(5);
      running -= 1;
      return ok('');
    });
    await runChecks(
      Array.from({ length: 30 }, () => check),
      deployment,
    );
    expect(most).toBe(8);
  });

  it('ends one that hangs as failed', async () => {
    const [result] = await runChecks([checkOf('hangs', never)], deployment, { timeoutMs: 20 });
    expect(result?.outcome).toMatchObject({ status: 'fail', found: 'no result within 0.02 s' });
  });

  it('ends one that breaks as failed, with the reason', async () => {
    const breaking = checkOf('breaks', () => Promise.reject(new Error('connect ECONNREFUSED')));
    const [result] = await runChecks([breaking], deployment);
    expect(result?.outcome).toMatchObject({
      status: 'fail',
      found: 'the check broke: connect ECONNREFUSED',
    });
  });

  it('skips one that cannot look, and says why', async () => {
    const blind = checkOf('blind', () => Promise.reject(new CannotLook('SMTP_URL is not set')));
    const [result] = await runChecks([blind], deployment);
    expect(result?.outcome).toEqual({ status: 'skipped', why: 'SMTP_URL is not set' });
  });

  it('prints no secret, no password of a URL, and no control character', async () => {
    const said = `${jwtSecret} pass/word pass%2Fword \u001b[31mred`;
    const results = await runChecks(
      [
        checkOf('fails', async () => fail(said, said, said)),
        checkOf('fine', async () => ok(said)),
        checkOf('skipped', () => Promise.reject(new CannotLook(said))),
        checkOf('breaks', () => Promise.reject(new Error(said))),
      ],
      deployment,
    );
    const output = `${JSON.stringify(reportOf(results))}${linesOf(results).join('\n')}`;
    expect(output).toContain('*** *** ***  [31mred');
    for (const hidden of [jwtSecret, 'pass/word', 'pass%2Fword', '\u001b', '\\u001b']) {
      expect(output).not.toContain(hidden);
    }
  });
});

describe('a report', () => {
  const results = [
    { check: 'one', outcome: ok('all is well') },
    { check: 'two', outcome: warn('found', 'expected', 'Do this.') },
    { check: 'three', outcome: { status: 'skipped', why: 'not set' } },
  ] as const;

  it('has a line for each check, and how many there are of each status', () => {
    expect(linesOf(results).slice(0, 5)).toEqual([
      'ok      one                   all is well',
      'warn    two                   found. Expected: expected. Do this.',
      'skipped three                 not set',
      '',
      '3 checks: 1 ok, 1 warn, 0 fail, 1 skipped.',
    ]);
  });

  it('passes with warnings, and not with a failure', () => {
    expect(passes(results)).toBe(true);
    expect(reportOf(results)).toMatchObject({
      ok: true,
      checks: [{ check: 'one', status: 'ok' }, {}, {}],
    });
    expect(passes([...results, { check: 'four', outcome: fail('', '', '') }])).toBe(false);
  });
});
