import { Tokens } from '@secureconnect/contracts';
import { eventually, redisFaults } from '@secureconnect/testkit';
import { describe, expect, it } from 'vitest';
import { startAuth, type TestAuth } from './harness.ts';
import { rowsOf } from './rows.ts';
import {
  challengeOf,
  confirm,
  enrol,
  finish,
  logIn,
  registerPerson,
  registerWithFactor,
  sessionsOf,
} from './second-factor-user.ts';
import { totpCode } from './totp-code.ts';

const untilDegraded = (auth: TestAuth, degraded: boolean) =>
  eventually(
    async () => {
      const reply = await auth.call('GET', '/v1/degraded');
      expect(reply.body.data?.['degraded']).toBe(degraded);
    },
    { timeoutMs: 20_000 },
  );

const stepOf = async (auth: TestAuth, userId: string): Promise<unknown> => {
  const statement = 'SELECT last_used_step AS step FROM auth.totp_factors WHERE user_id = $1';
  return (await rowsOf(auth, statement, [userId]))[0]?.['step'];
};

describe.each(redisFaults)('while Redis is $name', (fault) => {
  describe.each(['durable', 'stateless'])('and sign-in goes on (%s)', (mode) => {
    it('a code is accepted once, at one of two instances, and not after the outage either', {
      timeout: 60_000,
    }, async () => {
      await using auth = await startAuth({ SIGN_IN_WITHOUT_REDIS: mode });
      await using other = await startAuth({ SIGN_IN_WITHOUT_REDIS: mode }, {}, auth);
      const user = await registerWithFactor(auth);
      await fault.begin(auth.redis);
      const challenges = [await challengeOf(auth, user), await challengeOf(other, user)];
      const code = totpCode(user.secret);
      const replies = await Promise.all([
        finish(auth, challenges[0] ?? '', { code }),
        finish(other, challenges[1] ?? '', { code }),
      ]);
      expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 401]);
      const won = replies.find(({ status }) => status === 200);
      expect(won?.headers.get('x-degraded')).toContain('new-sessions=');
      expect(Tokens.parse(won?.body.data).refresh_token === '').toBe(mode === 'stateless');

      const [recovery] = user.recoveryCodes;
      const first = await finish(auth, await challengeOf(auth, user), { recovery_code: recovery });
      expect(first.status, first.text).toBe(200);
      await fault.end(auth.redis);
      await untilDegraded(auth, false);
      for (const used of [{ code }, { recovery_code: recovery }]) {
        expect((await finish(auth, await challengeOf(auth, user), used)).status).toBe(401);
      }
      expect(await sessionsOf(auth, user.userId)).toBe(3);
    });

    it('wrong codes lock the account as always', { timeout: 60_000 }, async () => {
      await using auth = await startAuth({ SIGN_IN_WITHOUT_REDIS: mode });
      const user = await registerWithFactor(auth);
      await fault.begin(auth.redis);
      const [open, challenge] = [await challengeOf(auth, user), await challengeOf(auth, user)];
      const used = user.recoveryCodes[0]?.replaceAll(/[a-z]/g, '2') ?? '';
      for (let failure = 1; failure <= 5; failure += 1) {
        expect((await finish(auth, challenge, { recovery_code: used })).status).toBe(401);
      }
      const code = totpCode(user.secret);
      expect((await finish(auth, open, { code })).status).toBe(423);
      expect((await logIn(auth, user)).status).toBe(423);
    });
  });

  it('and sign-in is refused, neither challenge nor code is spent', {
    timeout: 60_000,
  }, async () => {
    await using auth = await startAuth();
    const user = await registerWithFactor(auth);
    const challenge = await challengeOf(auth, user);
    const before = await stepOf(auth, user.userId);
    await fault.begin(auth.redis);
    const [recovery] = user.recoveryCodes;
    for (let attempt = 1; attempt <= 6; attempt += 1) {
      const refused = await finish(auth, challenge, { recovery_code: recovery });
      expect(refused.status, refused.text).toBe(503);
    }
    expect(await stepOf(auth, user.userId)).toEqual(before);
    await fault.end(auth.redis);
    await untilDegraded(auth, false);
    const reply = await finish(auth, challenge, { recovery_code: recovery });
    expect(reply.status, reply.text).toBe(200);
    expect(auth.logLines.filter((line) => JSON.parse(line).level === 'error')).toEqual([]);
  });

  it('factors can be added, which needs SQL alone', { timeout: 60_000 }, async () => {
    await using auth = await startAuth();
    const { token } = await registerPerson(auth);
    await fault.begin(auth.redis);
    const { secret } = await enrol(auth, token);
    expect((await confirm(auth, token, totpCode(secret))).status).toBe(200);
  });
});
