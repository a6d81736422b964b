import { openDatabase } from '@secureconnect/postgres';
import { createLogger } from '@secureconnect/service';
import { expect, it } from 'vitest';
import { createFactorKeys } from '../src/factors/factor-keys.ts';
import { reencryptFactors } from '../src/factors/reencrypt-factors.ts';
import { startAuth } from './harness.ts';
import { rowsOf } from './rows.ts';
import { challengeOf, finish, forgetUsedStep, registerWithFactor } from './second-factor-user.ts';
import { totpCode } from './totp-code.ts';

const [former, next] = ['f'.repeat(32), 'n'.repeat(32)];
const log = createLogger({ service: 'auth', level: 'silent' });

it('FACTOR_SECRET is rotated in three rollouts, and every code is accepted throughout', {
  timeout: 60_000,
}, async () => {
  await using one = await startAuth({ FACTOR_SECRET: former });
  const [user, idle] = [await registerWithFactor(one), await registerWithFactor(one)];
  await using two = await startAuth(
    { FACTOR_SECRET: former, FACTOR_SECRET_PREVIOUS: next },
    {},
    one,
  );
  const signIn = async (auth: typeof one, { email, password, userId, secret } = user) => {
    await forgetUsedStep(auth, userId);
    const challenge = await challengeOf(auth, { email, password });
    return (await finish(auth, challenge, { code: totpCode(secret) })).status;
  };
  expect(await signIn(two)).toBe(200);

  const rotated = { FACTOR_SECRET: next, FACTOR_SECRET_PREVIOUS: former };
  await using three = await startAuth(rotated, {}, one);
  expect(await signIn(three)).toBe(200);
  const database = openDatabase({ url: one.databaseUrl });
  const keys = createFactorKeys(next, former);
  const runs = [reencryptFactors(database, keys, log), reencryptFactors(database, keys, log)];
  expect(await Promise.all(runs)).toEqual([0, 0]);
  for (const auth of [two, three]) expect(await signIn(auth)).toBe(200);

  await using four = await startAuth({ FACTOR_SECRET: next }, {}, one);
  for (const somebody of [user, idle]) expect(await signIn(four, somebody)).toBe(200);

  // The first instance has only the former secret: recovery codes are all that works there.
  const challenge = await challengeOf(one, user);
  const refused = await finish(one, challenge, { code: totpCode(user.secret) });
  expect([refused.status, refused.body.error?.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
  expect(one.logLines.join('')).toContain('check FACTOR_SECRET');
  const recovery = { recovery_code: user.recoveryCodes[0] };
  expect((await finish(one, challenge, recovery)).status).toBe(200);

  // What no key decrypts is counted and left as it is.
  const lost = createFactorKeys('l'.repeat(32), former);
  expect(await reencryptFactors(database, lost, log)).toBe(2);
  await database.close();
  const rows = await rowsOf(
    one,
    'SELECT 1 FROM auth.totp_factors WHERE substring(encrypted_secret FROM 2 FOR 4) = $1',
    [keys.currentKeyId],
  );
  expect(rows).toHaveLength(2);
});
