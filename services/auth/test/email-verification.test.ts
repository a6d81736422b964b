import { Tokens } from '@secureconnect/contracts';
import { type Database, openDatabase } from '@secureconnect/postgres';
import { eventually } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verificationLimits } from '../src/email/verification-limits.ts';
import { registerSomeone, someone, startAuth, type TestAuth } from './harness.ts';

let auth: TestAuth;
let strict: TestAuth;
let database: Database;
beforeAll(async () => {
  auth = await startAuth();
  const accountUrl = 'https://app.example.com/account';
  strict = await startAuth({ REQUIRE_VERIFIED_EMAIL: 'true', ACCOUNT_URL: accountUrl });
  database = openDatabase({ url: auth.databaseUrl });
});
afterAll(async () => {
  await database.close();
  await strict[Symbol.asyncDispose]();
  await auth[Symbol.asyncDispose]();
});

const register = (at: TestAuth = auth) => registerSomeone(at);

/** The tokens and codes of the verification mails to an address, once there are so many. */
const mailed = (email: string, count: number, at: TestAuth = auth) =>
  eventually(async () => {
    const mails = (await at.mailsTo(email)).filter((mail) => mail.includes('Code: '));
    expect(mails).toHaveLength(count);
    return mails.map((mail) => ({
      token: /(?:Token: |#verify-email=)([\w-]{43})\r?$/m.exec(mail)?.[1] ?? '',
      code: /^Code: (\d{8})\r?$/m.exec(mail)?.[1] ?? '',
      link: /^Link: (.*)\r?$/m.exec(mail)?.[1]?.trim(),
    }));
  });

const firstMail = async (email: string, at: TestAuth = auth) => {
  const [mail] = await mailed(email, 1, at);
  if (mail === undefined) throw new Error('no mail');
  return mail;
};

const verify = (body: object, at: TestAuth = auth) =>
  at.call('POST', '/v1/auth/email/verify', { body });

const resend = async (email: string, at: TestAuth = auth) => {
  const reply = await at.call('POST', '/v1/auth/email/resend', { body: { email } });
  expect([reply.status, reply.body.data]).toEqual([200, { accepted: true }]);
};

const isVerified = async ({ access_token: token }: { access_token: string }) =>
  (await auth.call('GET', '/v1/users/me', { token })).body.data?.['email_verified'];

const wrongCode = (code: string): string => (code === '00000000' ? '00000001' : '00000000');

/** Waits until no mail is on its way. */
const settled = (): Promise<void> =>
  eventually(async () => {
    const pending = "SELECT 1 FROM auth.outbox WHERE state = 'pending'";
    expect(await database.query(pending)).toEqual([]);
  });

describe('the mail of a registration', () => {
  it.each(['token', 'code'] as const)('verifies the address by its %s, once', async (by) => {
    const user = await register();
    expect(user.user.email_verified).toBe(false);
    const mail = await firstMail(user.email);
    const { email } = user;
    const body = by === 'token' ? { token: mail.token } : { email, code: mail.code };
    const reply = await verify(body);
    expect([reply.status, reply.body.data]).toEqual([200, { email_verified: true }]);
    expect(await isVerified(user)).toBe(true);
    for (const again of [body, { token: mail.token }, { email, code: mail.code }]) {
      expect((await verify(again)).status).toBe(400);
    }
    // A verified address gets no further mail.
    await settled();
    await resend(email);
    await settled();
    await mailed(email, 1);
  });

  it('is stored as hashes alone, and its code takes spaces', async () => {
    const user = await register();
    const { token, code } = await firstMail(user.email);
    const rows = await database.query<{ row: string }>(
      `SELECT v::text || encode(v.token_hash, 'escape') AS row
       FROM auth.email_verifications v WHERE email = $1`,
      [user.email],
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.row).not.toContain(token);
    expect(rows[0]?.row).not.toContain(code);
    const spaced = { email: user.email, code: `${code.slice(0, 4)} ${code.slice(4)}` };
    expect((await verify(spaced)).status).toBe(200);
  });

  it('is no longer valid after a day, nor for a different address', async () => {
    const [late, moved] = [await register(), await register()];
    const [lateMail, movedMail] = [await firstMail(late.email), await firstMail(moved.email)];
    await database.execute(
      'UPDATE auth.email_verifications SET expires_at = now() WHERE email = $1',
      [late.email],
    );
    await database.execute('UPDATE auth.users SET email = $2 WHERE email = $1', [
      moved.email,
      `new.${moved.email}`,
    ]);
    expect((await verify({ token: lateMail.token })).status).toBe(400);
    expect((await verify({ email: late.email, code: lateMail.code })).status).toBe(400);
    expect((await verify({ token: movedMail.token })).status).toBe(400);
    expect(await isVerified(late)).toBe(false);
    expect(await isVerified(moved)).toBe(false);
  });
});

describe('a code', () => {
  it('is compared five times, however many arrive at once; the link stays valid', async () => {
    const user = await register();
    const { code, token } = await firstMail(user.email);
    const wrong = { email: user.email, code: wrongCode(code) };
    const replies = await Promise.all(Array.from({ length: 20 }, () => verify(wrong)));
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([400]));
    const [row] = await database.query<{ code_tries: number }>(
      'SELECT code_tries FROM auth.email_verifications WHERE email = $1',
      [user.email],
    );
    expect(row?.code_tries).toBe(verificationLimits.maxCodeTries);
    expect((await verify({ email: user.email, code })).status).toBe(400);
    expect((await verify({ token })).status).toBe(200);
  });

  it('is refused in the same way for a wrong code and for an unknown address', async () => {
    const user = await register();
    const { code } = await firstMail(user.email);
    const [wrong, unknown] = [
      await verify({ email: user.email, code: wrongCode(code) }),
      await verify({ email: someone().email, code }),
    ];
    expect(unknown.status).toBe(400);
    expect(unknown.body.error).toEqual(wrong.body.error);
  });

  it('that arrives several times concurrently verifies once', async () => {
    const user = await register();
    const { code } = await firstMail(user.email);
    const body = { email: user.email, code };
    const replies = await Promise.all(Array.from({ length: 4 }, () => verify(body)));
    expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 400, 400, 400]);
  });
});

describe('a request to verify', () => {
  it.each([{}, { email: 'a@example.com' }, { code: '1' }, { token: 'a', code: '1' }])(
    'is refused with %j',
    async (body) => {
      expect((await verify(body)).status).toBe(400);
    },
  );
});

describe('a further mail', () => {
  it('is sent at most three times an hour, and each of them is valid', async () => {
    const user = await register();
    for (let sent = 1; sent <= 3; sent += 1) {
      await mailed(user.email, sent);
      await settled();
      await resend(user.email);
    }
    await settled();
    const mails = await mailed(user.email, 3);
    expect((await verify({ token: mails[0]?.token })).status).toBe(200);
    for (const { token } of mails) expect((await verify({ token })).status).toBe(400);
  });

  it('has the same reply for an unknown address, which gets no mail', async () => {
    const { email } = someone();
    await resend(email);
    await settled();
    expect(await auth.mailsTo(email)).toEqual([]);
  });
});

describe('with REQUIRE_VERIFIED_EMAIL', () => {
  it('a login is refused with a code of its own until the address is verified', async () => {
    const user = await register(strict);
    expect([user.access_token, user.refresh_token]).toEqual(['', '']);
    const { email, password } = user;
    const login = (body = { email, password }) => strict.call('POST', '/v1/auth/login', { body });
    for (let time = 1; time <= 6; time += 1) {
      const refused = await login();
      expect([refused.status, refused.body.error?.code]).toEqual([403, 'EMAIL_NOT_VERIFIED']);
      expect(refused.body.error?.message).toContain('/v1/auth/email/resend');
    }
    // Without the password nothing is disclosed.
    expect((await login({ email, password: 'not the password' })).status).toBe(401);
    const mail = await firstMail(email, strict);
    expect(mail.link).toBe(`https://app.example.com/account#verify-email=${mail.token}`);
    expect((await verify({ token: mail.token }, strict)).status).toBe(200);
    const tokens = Tokens.parse((await login()).body.data);
    expect(tokens.user.email_verified).toBe(true);
    expect(claimsOf(tokens.access_token)).toMatchObject({ email_verified: true });
  });
});

const claimsOf = (token: string): unknown =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());

it('an access token says whether the address was verified when it was issued', async () => {
  const user = await register();
  expect(claimsOf(user.access_token)).toMatchObject({ email_verified: false });
  await verify({ token: (await firstMail(user.email)).token });
  const body = { refresh_token: user.refresh_token };
  const refreshed = Tokens.parse((await auth.call('POST', '/v1/auth/refresh', { body })).body.data);
  expect(claimsOf(refreshed.access_token)).toMatchObject({ email_verified: true });
});

it('others do not see whether an address is verified, or a role', async () => {
  const [user, other] = [await register(), await register()];
  const path = `/v1/users/${other.user.user_id}`;
  const seen = await auth.call('GET', path, { token: user.access_token });
  expect(seen.status).toBe(200);
  expect(seen.body.data).not.toHaveProperty('email_verified');
  expect(seen.body.data).not.toHaveProperty('role');
});
