import { randomUUID } from 'node:crypto';
import { DeviceSessionPage, Tokens } from '@secureconnect/contracts';
import { type Database, openDatabase } from '@secureconnect/postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseRefreshToken } from '../src/refresh-token.ts';
import { registerSomeone, startAuth, type TestAuth } from './harness.ts';

let auth: TestAuth;
let database: Database;
beforeAll(async () => {
  auth = await startAuth({ SESSION_IDLE_MINUTES: '60', SESSION_MAX_DAYS: '2' });
  database = openDatabase({ url: auth.databaseUrl });
});
afterAll(async () => {
  await database.close();
  await auth[Symbol.asyncDispose]();
});

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';
const path = '/v1/users/me/sessions';

const register = () => registerSomeone(auth);

async function logIn(
  { email, password }: { email: string; password: string },
  { device, agent }: { device?: string; agent?: string } = {},
): Promise<Tokens> {
  const body = { email, password, ...(device === undefined ? {} : { device_name: device }) };
  const headers = agent === undefined ? {} : { headers: { 'user-agent': agent } };
  const reply = await auth.call('POST', '/v1/auth/login', { body, ...headers });
  return Tokens.parse(reply.body.data);
}

const sessionOf = ({ refresh_token: token }: Tokens): string =>
  parseRefreshToken(token)?.sessionId ?? '';

async function list({ access_token: token }: Tokens, query = ''): Promise<DeviceSessionPage> {
  const reply = await auth.call('GET', `${path}${query}`, { token });
  expect(reply.status, reply.text).toBe(200);
  return DeviceSessionPage.parse(reply.body.data);
}

const refresh = ({ refresh_token: token }: Tokens) =>
  auth.call('POST', '/v1/auth/refresh', { body: { refresh_token: token } });

const isSignedIn = async ({ access_token: token }: Tokens): Promise<boolean> =>
  (await auth.call('GET', '/v1/auth/profile', { token })).status === 200;

describe('the list of sessions', () => {
  it('shows each with its device, newest first, and which is the current one', async () => {
    const first = await register();
    const second = await logIn(first, { agent: firefox });
    const third = await logIn(first, { device: '  Ada’s laptop ', agent: firefox });
    const { sessions, has_more: hasMore } = await list(second);
    expect(hasMore).toBe(false);
    expect(sessions.map(({ session_id: id }) => id)).toEqual([third, second, first].map(sessionOf));
    expect(sessions.map(({ device_name: name }) => name)).toEqual([
      'Ada’s laptop',
      'Firefox on Linux',
      null,
    ]);
    expect(sessions.map(({ current }) => current)).toEqual([false, true, false]);
    expect(sessions[1]).toMatchObject({ agent: firefox, address: '127.0.0.1' });
  });

  it('comes in pages', async () => {
    const user = await register();
    for (let device = 0; device < 4; device += 1) await logIn(user);
    const all = (await list(user)).sessions.map(({ session_id: id }) => id);
    const seen: string[] = [];
    let query = '?limit=2';
    for (;;) {
      const page = await list(user, query);
      seen.push(...page.sessions.map(({ session_id: id }) => id));
      if (page.next_cursor === null) break;
      query = `?limit=2&cursor=${page.next_cursor}`;
    }
    expect(seen).toEqual(all);
    expect(seen).toHaveLength(5);
  });

  it('shows no session of others, and none that has ended or expired', async () => {
    const user = await register();
    const [ended, expired] = [await logIn(user), await logIn(user)];
    await auth.call('POST', '/v1/auth/logout', { token: ended.access_token });
    await database.execute('UPDATE auth.sessions SET expires_at = now() WHERE session_id = $1', [
      sessionOf(expired),
    ]);
    await register();
    expect((await list(user)).sessions.map(({ session_id: id }) => id)).toEqual([sessionOf(user)]);
  });
});

describe('ending a session', () => {
  it('refuses its tokens at once, and leaves the others', async () => {
    const user = await register();
    const [gone, kept] = [await logIn(user), await logIn(user)];
    const end = () =>
      auth.call('DELETE', `${path}/${sessionOf(gone)}`, { token: user.access_token });
    expect((await end()).body.data).toEqual({ ended: true });
    expect(await isSignedIn(gone)).toBe(false);
    expect((await refresh(gone)).status).toBe(401);
    expect(await isSignedIn(kept)).toBe(true);
    // A client that lost the reply sends it again: the same reply, and one entry in the log.
    expect((await end()).body.data).toEqual({ ended: true });
    const entries = await database.query(
      `SELECT 1 FROM auth.audit_entries WHERE user_id = $1 AND action = 'sessions_ended'`,
      [user.user.user_id],
    );
    expect(entries).toHaveLength(1);
  });

  it('does not distinguish other people’s sessions from unknown ones', async () => {
    const [user, other] = [await register(), await register()];
    const ask = (id: string) => auth.call('DELETE', `${path}/${id}`, { token: user.access_token });
    const [theirs, nobodys] = [await ask(sessionOf(other)), await ask(randomUUID())];
    expect([theirs.status, nobodys.status]).toEqual([404, 404]);
    expect(theirs.body.error?.message).toBe(nobodys.body.error?.message);
    expect(await isSignedIn(other)).toBe(true);
  });

  it('ends all others at once, however many, and says how many', async () => {
    const user = await register();
    const others: Tokens[] = [];
    for (let device = 0; device < 3; device += 1) others.push(await logIn(user));
    const end = () => auth.call('DELETE', path, { token: user.access_token });
    expect((await end()).body.data).toEqual({ ended: 3 });
    for (const other of others) expect(await isSignedIn(other)).toBe(false);
    expect(await isSignedIn(user)).toBe(true);
    expect((await end()).body.data).toEqual({ ended: 0 });
  });
});

describe('the limits of a session', () => {
  const expiry = async (tokens: Tokens): Promise<number> => {
    const [row] = await database.query<{ minutes: number }>(
      `SELECT extract(epoch FROM expires_at - now())::int / 60 AS minutes
       FROM auth.sessions WHERE session_id = $1`,
      [sessionOf(tokens)],
    );
    return Number(row?.minutes);
  };
  const moveBack = (tokens: Tokens, minutes: number) =>
    database.execute(
      `UPDATE auth.sessions SET created_at = created_at - $2 * interval '1 minute',
         last_seen_at = last_seen_at - $2 * interval '1 minute',
         expires_at = expires_at - $2 * interval '1 minute'
       WHERE session_id = $1`,
      [sessionOf(tokens), minutes],
    );

  it('extend it by the idle time when it is used, and end it when it is not', async () => {
    const user = await register();
    expect(await expiry(user)).toBeGreaterThanOrEqual(59);
    await moveBack(user, 50);
    expect(await expiry(user)).toBeLessThanOrEqual(10);
    const used = await refresh(user);
    expect(used.status).toBe(200);
    expect(await expiry(user)).toBeGreaterThanOrEqual(59);
    await moveBack(user, 61);
    const next = Tokens.parse(used.body.data);
    expect((await refresh(next)).status).toBe(401);
  });

  it('end it after its maximum lifetime, however often it is used; its tokens last no longer', async () => {
    const user = await register();
    await moveBack(user, 2 * 24 * 60 - 5);
    await database.execute(
      `UPDATE auth.sessions SET expires_at = now() + interval '5 minutes' WHERE session_id = $1`,
      [sessionOf(user)],
    );
    const reply = await refresh(user);
    expect(reply.status, reply.text).toBe(200);
    const next = Tokens.parse(reply.body.data);
    expect(next.expires_in).toBeLessThanOrEqual(300);
    expect(await expiry(user)).toBeLessThanOrEqual(5);
  });

  it('records uses rarely: two refreshes in a row write the session once', async () => {
    const user = await register();
    const version = async () =>
      (
        await database.query<{ xmin: string }>(
          'SELECT xmin::text FROM auth.sessions WHERE session_id = $1',
          [sessionOf(user)],
        )
      )[0]?.xmin;
    const before = await version();
    const next = Tokens.parse((await refresh(user)).body.data);
    expect(await version()).toBe(before);
    await moveBack(user, 20);
    const moved = await version();
    const third = Tokens.parse((await refresh(next)).body.data);
    const written = await version();
    expect(written).not.toBe(moved);
    expect((await refresh(third)).status).toBe(200);
    expect(await version()).toBe(written);
  });
});
