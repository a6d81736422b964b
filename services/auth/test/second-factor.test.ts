import { RecoveryCodesCreated, SecondFactors, Tokens } from '@secureconnect/contracts';
import { eventually } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAuth, type TestAuth } from './harness.ts';
import { rowsOf } from './rows.ts';
import {
  challengeOf,
  confirm,
  enrol,
  factorPath,
  finish,
  logIn,
  registerPerson,
  registerWithFactor,
  sessionsOf,
  tokenOf,
} from './second-factor-user.ts';
import { totpCode } from './totp-code.ts';

let auth: TestAuth;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(() => auth[Symbol.asyncDispose]());

/** A code that is wrong at any time near now. */
function wrongCode(secret: string): string {
  const near = [-2, -1, 0, 1, 2].map((steps) => totpCode(secret, steps));
  for (let code = 0; ; code += 1) {
    const text = String(code).padStart(6, '0');
    if (!near.includes(text)) return text;
  }
}

const list = async (token: string): Promise<SecondFactors> =>
  SecondFactors.parse((await auth.call('GET', factorPath, { token })).body.data);

describe('enrolling', () => {
  it('gives an address, its QR code, and after the first code ten recovery codes', async () => {
    const { token, email, password, userId } = await registerPerson(auth);
    const enrolment = await enrol(auth, token);
    const uri = new URL(enrolment.otpauth_uri);
    expect([uri.protocol, uri.host]).toEqual(['otpauth:', 'totp']);
    expect(uri.searchParams.get('secret')).toBe(enrolment.secret);
    expect(uri.searchParams.get('issuer')).toBe('SecureConnect');
    expect(decodeURIComponent(uri.pathname)).toContain(email);
    expect(enrolment.qr_svg).toMatch(/^<svg[^>]*>.*<\/svg>\s*$/s);
    expect(Buffer.from(enrolment.secret).length).toBeGreaterThanOrEqual(32);

    // Until it is confirmed, nothing has changed.
    expect(await list(token)).toEqual({ enabled: false, factors: [], recovery_codes_left: 0 });
    expect(Tokens.safeParse((await logIn(auth, { email, password })).body.data).success).toBe(true);

    const reply = await confirm(auth, token, totpCode(enrolment.secret));
    const { recovery_codes: codes } = RecoveryCodesCreated.parse(reply.body.data);
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) expect(code).toMatch(/^[a-z2-7]{4}(-[a-z2-7]{4}){5}$/);
    const at = expect.any(String);
    const factors = [{ kind: 'totp', added_at: at, last_used_at: at }];
    expect(await list(token)).toEqual({ enabled: true, factors, recovery_codes_left: 10 });

    const stored = JSON.stringify(
      await rowsOf(
        auth,
        `SELECT encode(encrypted_secret, 'escape') AS secret,
           (SELECT string_agg(encode(code_hash, 'escape'), ',') FROM auth.recovery_codes c
            WHERE c.user_id = f.user_id) AS codes
         FROM auth.totp_factors f WHERE user_id = $1`,
        [userId],
      ),
    );
    for (const secret of [enrolment.secret, ...codes, ...codes.map((c) => c.replaceAll('-', ''))]) {
      expect(stored).not.toContain(secret);
    }
    await eventually(async () => {
      const [mail] = (await auth.mailsTo(email)).filter((text) => text.includes('second factor'));
      expect(mail).toContain('An authenticator app was added to your account.');
    });
    const actions = await rowsOf(auth, 'SELECT action FROM auth.audit_entries WHERE user_id = $1', [
      userId,
    ]);
    expect(actions).toContainEqual({ action: 'second_factor_added' });
  });

  it('with a wrong code adds nothing, and the right one still does', async () => {
    const { token } = await registerPerson(auth);
    const { secret } = await enrol(auth, token);
    const refused = await confirm(auth, token, wrongCode(secret));
    expect([refused.status, refused.body.error?.details?.[0]?.field]).toEqual([400, 'body.code']);
    expect((await list(token)).enabled).toBe(false);
    const spaced = totpCode(secret).replace(/^.../, '$& ');
    expect((await confirm(auth, token, spaced)).status).toBe(200);
  });

  it('again replaces the enrolment before, and is refused once there is a factor', async () => {
    const { token } = await registerPerson(auth);
    const [first, second] = [await enrol(auth, token), await enrol(auth, token)];
    expect((await confirm(auth, token, totpCode(first.secret))).status).toBe(400);
    expect((await confirm(auth, token, totpCode(second.secret))).status).toBe(200);
    const again = await auth.call('POST', `${factorPath}/totp`, { token });
    expect([again.status, again.body.error?.code]).toEqual([409, 'CONFLICT']);
    const confirmed = await confirm(auth, token, totpCode(second.secret, 1));
    expect([confirmed.status, confirmed.body.error?.code]).toEqual([409, 'CONFLICT']);
  });

  it('ends after ten minutes, and there is nothing to confirm without it', async () => {
    const { token, userId } = await registerPerson(auth);
    expect((await confirm(auth, token, '123456')).status).toBe(404);
    const { secret } = await enrol(auth, token);
    await rowsOf(
      auth,
      `UPDATE auth.totp_factors SET created_at = created_at - interval '601 seconds'
       WHERE user_id = $1`,
      [userId],
    );
    expect((await confirm(auth, token, totpCode(secret))).status).toBe(404);
  });

  it('is confirmed once by many at the same time, with one set of recovery codes', async () => {
    const { token, userId } = await registerPerson(auth);
    const { secret } = await enrol(auth, token);
    const code = totpCode(secret);
    const replies = await Promise.all(Array.from({ length: 6 }, () => confirm(auth, token, code)));
    const statuses = replies.map(({ status }) => status).toSorted();
    expect(statuses).toEqual([200, 409, 409, 409, 409, 409]);
    const [won] = replies.filter(({ status }) => status === 200);
    const { recovery_codes: codes } = RecoveryCodesCreated.parse(won?.body.data);
    expect((await list(token)).recovery_codes_left).toBe(10);
    const user = (
      await rowsOf(auth, 'SELECT email FROM auth.users WHERE user_id = $1', [userId])
    )[0];
    const challenge = await challengeOf(auth, {
      email: String(user?.['email']),
      password: 'correct horse battery staple',
    });
    expect((await finish(auth, challenge, { recovery_code: codes[9] })).status).toBe(200);
  });
});

describe('a login with a second factor', () => {
  it('takes two calls, and starts one session', async () => {
    const user = await registerWithFactor(auth);
    const asked = await logIn(auth, user);
    expect(asked.status, asked.text).toBe(200);
    expect(asked.body.data).toEqual({
      second_factor_required: true,
      challenge: expect.stringMatching(/^[\w-]{43}$/),
      expires_in: 300,
    });
    expect(await sessionsOf(auth, user.userId)).toBe(1);
    const challenge = String(asked.body.data?.['challenge']);
    const reply = await finish(auth, challenge, { code: totpCode(user.secret) });
    expect(reply.status, reply.text).toBe(200);
    const token = tokenOf(reply);
    expect((await auth.call('GET', '/v1/auth/profile', { token })).status).toBe(200);
    expect(await sessionsOf(auth, user.userId)).toBe(2);
    const [entry] = await rowsOf(
      auth,
      `SELECT details FROM auth.audit_entries WHERE user_id = $1 AND action = 'signed_in'
       ORDER BY recorded_at DESC LIMIT 1`,
      [user.userId],
    );
    expect(entry).toEqual({ details: '{"second_factor":"totp"}' });
  });

  it('keeps the name of the device that the first call gave', async () => {
    const user = await registerWithFactor(auth);
    const { email, password } = user;
    const body = { email, password, device_name: 'Phone' };
    const asked = await auth.call('POST', '/v1/auth/login', { body });
    const challenge = String(asked.body.data?.['challenge']);
    const token = tokenOf(await finish(auth, challenge, { code: totpCode(user.secret) }));
    const { text } = await auth.call('GET', '/v1/users/me/sessions', { token });
    expect(text).toContain('"device_name":"Phone"');
  });

  it('accepts a code once, and none older than the last', async () => {
    const user = await registerWithFactor(auth);
    const send = async (stepsAgo: number): Promise<number> => {
      const challenge = await challengeOf(auth, user);
      return (await finish(auth, challenge, { code: totpCode(user.secret, stepsAgo) })).status;
    };
    expect(await send(0)).toBe(200);
    expect(await send(1)).toBe(401);
    const used = await rowsOf(
      auth,
      `UPDATE auth.totp_factors SET last_used_step = last_used_step + 1
       WHERE user_id = $1 RETURNING 1`,
      [user.userId],
    );
    expect(used).toHaveLength(1);
    expect(await send(0)).toBe(401);
  });

  it('accepts a recovery code once, in any case and spacing, and tells the owner', async () => {
    const user = await registerWithFactor(auth);
    const [code = ''] = user.recoveryCodes;
    const typed = code.toUpperCase().replaceAll('-', ' ');
    const first = await finish(auth, await challengeOf(auth, user), { recovery_code: typed });
    expect(first.status, first.text).toBe(200);
    const again = await finish(auth, await challengeOf(auth, user), { recovery_code: code });
    expect(again.status).toBe(401);
    expect((await list(tokenOf(first))).recovery_codes_left).toBe(9);
    await eventually(async () => {
      expect((await auth.mailsTo(user.email)).join('')).toContain('was used; 9 are left');
    });
  });

  it.each([
    { code: '12345' },
    { code: '1234567' },
    { code: 'abcdef' },
    { code: '١٢٣٤٥٦' },
    { code: '12\u0000456' },
    { code: '' },
    { recovery_code: 'k3xw-7q2m' },
    { code: '123456', recovery_code: 'k3xw-7q2m-ab5c-d6ef-2h4j-m7np' },
    {},
  ])('answers 400 to %j, and counts no failure', async (given) => {
    const user = await registerWithFactor(auth);
    const challenge = await challengeOf(auth, user);
    const reply = await finish(auth, challenge, given);
    expect([reply.status, reply.body.error?.code]).toEqual([400, 'VALIDATION_ERROR']);
    expect((await finish(auth, challenge, { code: totpCode(user.secret) })).status).toBe(200);
  });
});

describe('a challenge', () => {
  it('is good for one sign-in', async () => {
    const user = await registerWithFactor(auth);
    const challenge = await challengeOf(auth, user);
    expect((await finish(auth, challenge, { code: totpCode(user.secret) })).status).toBe(200);
    const again = await finish(auth, challenge, { recovery_code: user.recoveryCodes[0] });
    expect([again.status, await sessionsOf(auth, user.userId)]).toEqual([401, 2]);
  });

  it('takes no code of a different user', async () => {
    const [user, other] = [await registerWithFactor(auth), await registerWithFactor(auth)];
    const challenge = await challengeOf(auth, user);
    const code = totpCode(other.secret);
    expect((await finish(auth, challenge, { code })).status).toBe(401);
    const recovery = { recovery_code: other.recoveryCodes[0] };
    expect((await finish(auth, challenge, recovery)).status).toBe(401);
    // Nothing of the other user was spent.
    expect((await finish(auth, await challengeOf(auth, other), { code })).status).toBe(200);
  });

  it('that is unknown, expired or tried out spends no code', async () => {
    const user = await registerWithFactor(auth);
    const code = totpCode(user.secret);
    expect((await finish(auth, 'x'.repeat(43), { code })).status).toBe(401);
    for (const change of ["expires_at = now() - interval '1 second'", 'failed_tries = 5']) {
      const challenge = await challengeOf(auth, user);
      await rowsOf(auth, `UPDATE auth.sign_in_challenges SET ${change} WHERE user_id = $1`, [
        user.userId,
      ]);
      const refused = await finish(auth, challenge, { code });
      expect([refused.status, refused.body.error?.message]).toEqual([
        401,
        expect.stringContaining('log in again'),
      ]);
    }
    expect((await finish(auth, await challengeOf(auth, user), { code })).status).toBe(200);
  });

  it('ends with the password that opened it, and with the factor', async () => {
    const user = await registerWithFactor(auth);
    const [before, removed] = [await challengeOf(auth, user), await challengeOf(auth, user)];
    const body = { new_password: 'purple monkey dishwasher 9' };
    const { token } = user;
    const changed = await auth.call('POST', '/v1/users/me/password', { token, body });
    expect(changed.status, changed.text).toBe(200);
    const code = totpCode(user.secret);
    for (const challenge of [before, removed]) {
      expect((await finish(auth, challenge, { code })).status).toBe(401);
    }
  });

  it('is one of ten at most for a user', async () => {
    const user = await registerWithFactor(auth);
    const oldest = await challengeOf(auth, user);
    for (let login = 1; login <= 10; login += 1) await challengeOf(auth, user);
    const rows = await rowsOf(auth, 'SELECT 1 FROM auth.sign_in_challenges WHERE user_id = $1', [
      user.userId,
    ]);
    expect(rows).toHaveLength(10);
    expect((await finish(auth, oldest, { code: totpCode(user.secret) })).status).toBe(401);
  });
});

describe('the lockout', () => {
  it('counts wrong codes, and the right password in between forgives none', async () => {
    const user = await registerWithFactor(auth);
    const wrong = wrongCode(user.secret);
    for (let failure = 1; failure <= 5; failure += 1) {
      const challenge = await challengeOf(auth, user);
      expect((await finish(auth, challenge, { code: wrong })).status).toBe(401);
    }
    expect((await logIn(auth, user)).status).toBe(423);
    const rows = await rowsOf(auth, 'SELECT 1 FROM auth.sign_in_challenges WHERE user_id = $1', [
      user.userId,
    ]);
    expect(rows).toHaveLength(5);
  });

  it('refuses the right code too, at a challenge that was open before', async () => {
    const user = await registerWithFactor(auth);
    const wrong = wrongCode(user.secret);
    const [open, tried] = [await challengeOf(auth, user), await challengeOf(auth, user)];
    for (let failure = 1; failure <= 5; failure += 1) await finish(auth, tried, { code: wrong });
    const code = totpCode(user.secret);
    expect((await finish(auth, open, { code })).status).toBe(423);
    expect(await sessionsOf(auth, user.userId)).toBe(1);
  });

  it('is forgiven by a whole sign-in alone', async () => {
    const user = await registerWithFactor(auth);
    const wrong = wrongCode(user.secret);
    const failures = async (): Promise<unknown> =>
      (
        await rowsOf(
          auth,
          `SELECT max(failures)::int AS failures FROM auth.failed_logins
           WHERE expires_at > now() AND failures > 0 AND subject IN (
             SELECT subject FROM auth.failed_logins)`,
        )
      )[0]?.['failures'];
    await rowsOf(auth, 'DELETE FROM auth.failed_logins');
    const challenge = await challengeOf(auth, user);
    for (let failure = 1; failure <= 3; failure += 1)
      await finish(auth, challenge, { code: wrong });
    await logIn(auth, user);
    expect(await failures()).toBe(3);
    const reply = await finish(auth, challenge, { code: totpCode(user.secret) });
    expect(reply.status).toBe(200);
    expect(await failures()).toBeNull();
  });
});
