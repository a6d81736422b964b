import { Tokens } from '@secureconnect/contracts';
import { type Database, openDatabase } from '@secureconnect/postgres';
import { eventually, PasskeyDevice } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerSomeone, someone, startAuth, type TestAuth } from './harness.ts';
import { addPasskey, signIn } from './passkey-people.ts';
import { confirm as confirmFactor, enrol } from './second-factor-user.ts';
import { totpCode } from './totp-code.ts';

let auth: TestAuth;
let database: Database;
beforeAll(async () => {
  auth = await startAuth();
  database = openDatabase({ url: auth.databaseUrl });
});
afterAll(async () => {
  await database.close();
  await auth[Symbol.asyncDispose]();
});

const register = () => registerSomeone(auth);

const login = (email: string, password: string) =>
  auth.call('POST', '/v1/auth/login', { body: { email, password } });

const ask = (token: string, newEmail: string) =>
  auth.call('POST', '/v1/users/me/email', { token, body: { new_email: newEmail } });

const confirm = (token: string) =>
  auth.call('POST', '/v1/auth/email/confirm-change', { body: { token } });

const undo = (token: string) =>
  auth.call('POST', '/v1/auth/email/undo-change', { body: { token } });

/** The token of the mail to an address that has this text. */
const tokenFor = (email: string, text: string): Promise<string> =>
  eventually(async () => {
    const mail = (await auth.mailsTo(email)).find((one) => one.includes(text));
    const token = /^Token: ([\w-]{43})\r?$/m.exec(mail ?? '')?.[1];
    if (token === undefined) throw new Error('no mail yet');
    return token;
  });

const confirmation = (email: string) => tokenFor(email, 'asked to use this e-mail address');
const notice = (email: string) => tokenFor(email, 'account was changed');

/** Waits until no mail is on its way. */
const settled = (): Promise<void> =>
  eventually(async () => {
    const pending = "SELECT 1 FROM auth.outbox WHERE state = 'pending'";
    expect(await database.query(pending)).toEqual([]);
  });

const ownUser = async (token: string) => auth.call('GET', '/v1/users/me', { token });

describe('a change of the e-mail address', () => {
  it('takes effect when the new address confirms it, once', async () => {
    const user = await register();
    const { email } = someone();
    expect((await ask(user.access_token, email)).body.data).toEqual({ accepted: true });
    const token = await confirmation(email);
    expect((await auth.mailsTo(email)).join()).toContain(`user ${user.username} asked`);
    expect((await login(email, user.password)).status).toBe(401);
    expect((await confirm(token)).body.data).toEqual({ email_changed: true });
    expect((await confirm(token)).status).toBe(400);
    const own = await ownUser(user.access_token);
    expect(own.body.data).toMatchObject({ email, email_verified: true });
    expect((await login(email, user.password)).status).toBe(200);
    expect((await login(user.email, user.password)).status).toBe(401);
    const lookup = (of: string) =>
      auth.call('GET', `/v1/users/lookup?email=${encodeURIComponent(of)}`, {
        token: user.access_token,
      });
    expect((await lookup(email)).status).toBe(200);
    expect((await lookup(user.email)).status).toBe(404);
  });

  it('can be undone by the old address, which ends every session and mails a reset', async () => {
    const user = await register();
    const { email } = someone();
    await ask(user.access_token, email);
    await confirm(await confirmation(email));
    const token = await notice(user.email);
    // Nobody else gets the old address meanwhile.
    const grab = await auth.call('POST', '/v1/auth/register', {
      body: { ...someone(), email: user.email },
    });
    expect(grab.status).toBe(409);
    const second = Tokens.parse((await login(email, user.password)).body.data);
    expect((await undo(token)).body.data).toEqual({ email_restored: true });
    expect((await undo(token)).status).toBe(400);
    for (const session of [user, second]) {
      expect((await ownUser(session.access_token)).status).toBe(401);
    }
    expect((await login(email, user.password)).status).toBe(401);
    expect((await login(user.email, user.password)).status).toBe(200);
    await eventually(async () => expect(await auth.mailedTokens(user.email)).toHaveLength(1));
  });

  it('removes the passkeys that were added since, and keeps the older ones', async () => {
    const user = await register();
    const token = user.access_token;
    const [own, foreign] = [new PasskeyDevice(), new PasskeyDevice()];
    await addPasskey(auth, token, own);
    const { email } = someone();
    await ask(token, email);
    await addPasskey(auth, token, foreign);
    await confirm(await confirmation(email));
    expect((await undo(await notice(user.email))).status).toBe(200);
    expect((await signIn(auth, foreign)).status).toBe(401);
    expect((await signIn(auth, own)).status).toBe(200);
  });

  it('removes an authenticator app that was added since, which would lock the owner out', async () => {
    const user = await register();
    const token = user.access_token;
    const { email } = someone();
    await ask(token, email);
    const { secret } = await enrol(auth, token);
    expect((await confirmFactor(auth, token, totpCode(secret))).status).toBe(200);
    await confirm(await confirmation(email));
    expect((await undo(await notice(user.email))).status).toBe(200);
    const back = await login(user.email, user.password);
    expect(Tokens.safeParse(back.body.data).success, back.text).toBe(true);
  });

  it('keeps an authenticator app that is older', async () => {
    const user = await register();
    const token = user.access_token;
    const { secret } = await enrol(auth, token);
    expect((await confirmFactor(auth, token, totpCode(secret))).status).toBe(200);
    const { email } = someone();
    await ask(token, email);
    await confirm(await confirmation(email));
    expect((await undo(await notice(user.email))).status).toBe(200);
    const { data } = (await login(user.email, user.password)).body;
    expect(data).toMatchObject({ second_factor_required: true });
  });

  it('that happened twice is undone by the first address', async () => {
    const user = await register();
    const [second, third] = [someone().email, someone().email];
    await ask(user.access_token, second);
    await confirm(await confirmation(second));
    await ask(user.access_token, third);
    await confirm(await confirmation(third));
    const [first, later] = [await notice(user.email), await notice(second)];
    expect((await undo(first)).status).toBe(200);
    expect((await undo(later)).status).toBe(400);
    expect((await login(user.email, user.password)).status).toBe(200);
  });

  it('cannot be confirmed after its session has ended, or for an address taken meanwhile', async () => {
    const [ended, late] = [await register(), await register()];
    const [first, second] = [someone(), someone()];
    await ask(ended.access_token, first.email);
    await ask(late.access_token, second.email);
    const tokens = [await confirmation(first.email), await confirmation(second.email)];
    await auth.call('POST', '/v1/auth/logout', { token: ended.access_token });
    expect((await confirm(tokens[0] ?? '')).status).toBe(400);
    await auth.call('POST', '/v1/auth/register', { body: second });
    expect((await confirm(tokens[1] ?? '')).status).toBe(409);
    expect((await ownUser(late.access_token)).body.data).toMatchObject({ email: late.email });
  });

  it('of each of two users who want the same address is mailed, also if the first mail waits', async () => {
    const users = [await register(), await register()];
    const { email } = someone();
    await Promise.all(users.map((user) => ask(user.access_token, email)));
    await eventually(async () => {
      const mails = (await auth.mailsTo(email)).join();
      for (const { username } of users) expect(mails).toContain(`user ${username} asked`);
    });
  });

  it('to an address with an account has the same reply, and sends no mail', async () => {
    const [user, other] = [await register(), await register()];
    expect((await ask(user.access_token, other.email)).body.data).toEqual({ accepted: true });
    await settled();
    const mails = await auth.mailsTo(other.email);
    expect(mails.filter((mail) => mail.includes('asked to use'))).toEqual([]);
  });

  it('needs a sign-in or step-up within the last five minutes', async () => {
    const user = await register();
    await database.execute(
      "UPDATE auth.sessions SET created_at = now() - interval '6 minutes' WHERE user_id = $1",
      [user.user.user_id],
    );
    const { email } = someone();
    expect((await ask(user.access_token, email)).status).toBe(403);
    const changes = 'SELECT 1 FROM auth.email_changes WHERE new_email = $1';
    expect(await database.query(changes, [email])).toEqual([]);
    const proof = { token: user.access_token, body: { password: user.password } };
    expect((await auth.call('POST', '/v1/auth/step-up', proof)).status).toBe(200);
    expect((await ask(user.access_token, email)).status).toBe(200);
  });
});

describe('a reset that was mailed to the old address', () => {
  it('is void after the change', async () => {
    const user = await register();
    const body = { email: user.email };
    await auth.call('POST', '/v1/auth/password-reset/request', { body });
    const token = await eventually(async () => {
      const [mailed] = await auth.mailedTokens(user.email);
      if (mailed === undefined) throw new Error('no mail yet');
      return mailed;
    });
    const { email } = someone();
    await ask(user.access_token, email);
    await confirm(await confirmation(email));
    const reset = { token, new_password: 'another good password' };
    const reply = await auth.call('POST', '/v1/auth/password-reset/confirm', { body: reset });
    expect(reply.status).toBe(400);
  });
});
