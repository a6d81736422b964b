import { RecoveryCodesCreated, Tokens } from '@secureconnect/contracts';
import {
  eventually,
  type Reply,
  type TestOidcProvider,
  testOidcProvider,
} from '@secureconnect/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startAuth, type TestAuth } from './harness.ts';
import { comeBack, finish as finishOidc } from './oidc-sign-in.ts';
import { rowsOf } from './rows.ts';
import {
  challengeOf,
  confirm,
  enrol,
  finish,
  forgetUsedStep,
  logIn,
  registerWithFactor,
  tokenOf,
} from './second-factor-user.ts';
import { totpCode } from './totp-code.ts';

let provider: TestOidcProvider;
let auth: TestAuth;
let trusting: TestAuth;
beforeAll(async () => {
  provider = await testOidcProvider();
  auth = await startAuth(provider.environment);
  const [entry] = JSON.parse(provider.environment['OIDC_PROVIDERS'] ?? '[]') as object[];
  const trusted = JSON.stringify([{ ...entry, second_factor: 'trusted' }]);
  trusting = await startAuth({ ...provider.environment, OIDC_PROVIDERS: trusted }, {}, auth);
});
afterAll(async () => {
  await trusting[Symbol.asyncDispose]();
  await auth[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
});

const signIn = async (at: TestAuth, person: string): Promise<Reply> =>
  finishOidc(at, await comeBack(at, person));

it('a sign-in at a provider asks for the second factor, unless the provider is trusted with it', async () => {
  const { access_token: token, user } = Tokens.parse((await signIn(auth, 'ada')).body.data);
  const { secret } = await enrol(auth, token);
  RecoveryCodesCreated.parse((await confirm(auth, token, totpCode(secret))).body.data);
  await forgetUsedStep(auth, user.user_id);

  const asked = await signIn(auth, 'ada');
  expect(asked.body.data).toMatchObject({ second_factor_required: true });
  const challenge = String(asked.body.data?.['challenge']);
  const reply = await finish(auth, challenge, { code: totpCode(secret) });
  expect(reply.status, reply.text).toBe(200);
  expect(Tokens.parse(reply.body.data).user.user_id).toBe(user.user_id);

  const trusted = await signIn(trusting, 'ada');
  expect(Tokens.parse(trusted.body.data).user.user_id).toBe(user.user_id);
});

it('a waiting sign-in ends when its provider is unlinked', async () => {
  const { access_token: token, user } = Tokens.parse((await signIn(auth, 'bob')).body.data);
  await rowsOf(auth, `UPDATE auth.users SET password_hash = 'x' WHERE user_id = $1`, [
    user.user_id,
  ]);
  const { secret } = await enrol(auth, token);
  expect((await confirm(auth, token, totpCode(secret))).status).toBe(200);
  await forgetUsedStep(auth, user.user_id);
  const challenge = String((await signIn(auth, 'bob')).body.data?.['challenge']);
  const [identity] = await rowsOf(
    auth,
    'SELECT identity_id FROM auth.linked_identities WHERE user_id = $1',
    [user.user_id],
  );
  const path = `/v1/users/me/identities/${identity?.['identity_id']}`;
  const unlinked = await auth.call('DELETE', path, { token });
  expect(unlinked.status, unlinked.text).toBe(200);
  expect((await finish(auth, challenge, { code: totpCode(secret) })).status).toBe(401);
});

it('a password reset leaves the factor and the failures as they are, and ends waiting sign-ins', async () => {
  const user = await registerWithFactor(auth);
  const { email } = user;
  const challenge = await challengeOf(auth, user);
  const wrong = { recovery_code: 'a'.repeat(24) };
  for (let failure = 1; failure <= 3; failure += 1) await finish(auth, challenge, wrong);
  await auth.call('POST', '/v1/auth/password-reset/request', { body: { email } });
  const token = await eventually(
    async () => {
      const [mailed] = await auth.mailedTokens(email);
      if (mailed === undefined) throw new Error('no mail yet');
      return mailed;
    },
    { timeoutMs: 15_000 },
  );
  const password = 'purple monkey dishwasher 9';
  const body = { token, new_password: password };
  const reset = await auth.call('POST', '/v1/auth/password-reset/confirm', { body });
  expect(reset.status, reset.text).toBe(200);
  const code = totpCode(user.secret);
  expect((await finish(auth, challenge, { code })).status).toBe(401);
  const asked = await logIn(auth, { email, password });
  const next = String(asked.body.data?.['challenge']);
  expect((await finish(auth, next, wrong)).status).toBe(401);
  expect(tokenOf(await finish(auth, next, { code }))).not.toBe('');
  // Only the whole sign-in has forgiven the four failures.
  const last = await challengeOf(auth, { email, password });
  for (let failure = 1; failure <= 4; failure += 1) {
    expect((await finish(auth, last, wrong)).status).toBe(401);
  }
});
