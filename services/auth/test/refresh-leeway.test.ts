import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { Tokens } from '@secureconnect/contracts';
import { type Database, openDatabase } from '@secureconnect/postgres';
import type { Reply } from '@secureconnect/testkit';
import { jwtSecret } from '@secureconnect/tokens/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseRefreshToken, refreshTokenChain } from '../src/refresh-token.ts';
import { registerSomeone, startAuth, type TestAuth } from './harness.ts';

let auth: TestAuth;
let other: TestAuth;
let database: Database;
beforeAll(async () => {
  auth = await startAuth();
  other = await startAuth({}, {}, auth);
  database = openDatabase({ url: auth.databaseUrl });
});
afterAll(async () => {
  await database.close();
  await other[Symbol.asyncDispose]();
  await auth[Symbol.asyncDispose]();
});

const register = () => registerSomeone(auth);

const refresh = (token: string, at: Pick<TestAuth, 'call'> = auth): Promise<Reply> =>
  at.call('POST', '/v1/auth/refresh', { body: { refresh_token: token } });

async function refreshed(token: string): Promise<Tokens> {
  const reply = await refresh(token);
  expect(reply.status, reply.text).toBe(200);
  return Tokens.parse(reply.body.data);
}

const sessionOf = (token: string): string => parseRefreshToken(token)?.sessionId ?? '';

const isSignedIn = async ({ access_token: token }: Tokens): Promise<boolean> =>
  (await auth.call('GET', '/v1/auth/profile', { token })).status === 200;

/** Moves every use of a session's tokens into the past. */
const letPass = (token: string, seconds: number): Promise<number> =>
  database.execute(
    `UPDATE auth.refresh_tokens SET used_at = used_at - $2 * interval '1 second'
     WHERE session_id = $1`,
    [sessionOf(token), seconds],
  );

/** A way to auth that passes one request on and is cut when its reply comes. */
async function cutBeforeReply(target: URL): Promise<AsyncDisposable & { readonly url: string }> {
  const sockets: Socket[] = [];
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    sockets.push(client, upstream);
    client.pipe(upstream);
    upstream.once('data', () => client.resetAndDestroy());
    for (const socket of [client, upstream]) socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}

describe('a refresh token that is sent again within ten seconds', () => {
  it('gives the same next token to two concurrent tabs at two instances, in 10 of 10 rounds', async () => {
    for (let round = 1; round <= 10; round += 1) {
      const { refresh_token: token } = await register();
      const replies = await Promise.all([refresh(token, auth), refresh(token, other)]);
      expect(replies.map(({ status }) => status)).toEqual([200, 200]);
      const [one, two] = replies.map(({ body }) => Tokens.parse(body.data));
      expect(one?.refresh_token).toBe(two?.refresh_token);
      for (const tokens of [one, two]) expect(tokens && (await isSignedIn(tokens))).toBe(true);
      await refreshed(one?.refresh_token ?? '');
    }
  });

  it('gives the same to eight concurrent ones, and conflicts in SQL fail none of them', async () => {
    const { refresh_token: token } = await register();
    const replies = await Promise.all(
      Array.from({ length: 8 }, (_, index) => refresh(token, index % 2 === 0 ? auth : other)),
    );
    expect(replies.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
    const next = new Set(replies.map(({ body }) => Tokens.parse(body.data).refresh_token));
    expect(next.size).toBe(1);
  });

  it('repeats a reply that was lost after the commit', async () => {
    const { refresh_token: token } = await register();
    await using cut = await cutBeforeReply(new URL(auth.url));
    const body = JSON.stringify({ refresh_token: token });
    const headers = { 'content-type': 'application/json' };
    const lost = fetch(`${cut.url}/v1/auth/refresh`, { method: 'POST', headers, body });
    await expect(lost).rejects.toThrow('fetch failed');
    const used = 'SELECT 1 FROM auth.refresh_tokens WHERE session_id = $1 AND used_at IS NOT NULL';
    expect(await database.query(used, [sessionOf(token)])).toHaveLength(1);
    const again = await refreshed(token);
    expect(await isSignedIn(again)).toBe(true);
    expect(await isSignedIn(await refreshed(again.refresh_token))).toBe(true);
  });

  it('makes no second branch', async () => {
    const { refresh_token: token } = await register();
    for (let time = 0; time < 4; time += 1) await refreshed(token);
    const rows = 'SELECT used_at FROM auth.refresh_tokens WHERE session_id = $1';
    expect(await database.query(rows, [sessionOf(token)])).toHaveLength(2);
  });

  it('is refused if the session has ended since', async () => {
    const { refresh_token: token } = await register();
    const { access_token: access } = await refreshed(token);
    await auth.call('POST', '/v1/auth/logout', { token: access });
    expect((await refresh(token)).status).toBe(401);
  });
});

describe('any other reuse of a refresh token', () => {
  it('ends the family when its next token has been used already', async () => {
    const { refresh_token: token } = await register();
    const next = await refreshed(token);
    const third = await refreshed(next.refresh_token);
    expect((await refresh(token)).status).toBe(401);
    expect(await isSignedIn(third)).toBe(false);
    expect((await refresh(third.refresh_token)).status).toBe(401);
  });

  it('ends the family later than ten seconds, and not a second earlier', async () => {
    const { refresh_token: token } = await register();
    const next = await refreshed(token);
    await letPass(token, 8);
    expect((await refreshed(token)).refresh_token).toBe(next.refresh_token);
    await letPass(token, 2);
    expect((await refresh(token)).status).toBe(401);
    expect(await isSignedIn(next)).toBe(false);
    expect((await refresh(next.refresh_token)).status).toBe(401);
  });

  it('ends the family if an earlier version has used it, which kept no salt', async () => {
    const { refresh_token: token } = await register();
    const next = await refreshed(token);
    const forget = 'UPDATE auth.refresh_tokens SET next_salt = NULL WHERE session_id = $1';
    await database.execute(forget, [sessionOf(token)]);
    expect((await refresh(token)).status).toBe(401);
    expect(await isSignedIn(next)).toBe(false);
  });
});

describe('the stored part of refresh tokens', () => {
  it('yields no token, even to a reader with the used one', async () => {
    const { refresh_token: token } = await register();
    const { refresh_token: next } = await refreshed(token);
    const rows = await database.query<{ row: string; next_salt: Buffer | null }>(
      'SELECT t::text AS row, next_salt FROM auth.refresh_tokens t WHERE session_id = $1',
      [sessionOf(token)],
    );
    expect(rows).toHaveLength(2);
    for (const secret of [token, next].map((text) => text.split('.')[1] ?? '')) {
      const forms = [secret, Buffer.from(secret).toString('hex')];
      forms.push(Buffer.from(secret, 'base64url').toString('hex'));
      for (const form of forms) expect(rows.map(({ row }) => row).join()).not.toContain(form);
    }
    const used = parseRefreshToken(token);
    const salt = rows.find(({ next_salt: kept }) => kept !== null)?.next_salt;
    if (used === undefined || !salt) throw new Error('no salt was kept');
    expect(refreshTokenChain(jwtSecret)(used, salt).text).toBe(next);
    expect(refreshTokenChain(`${jwtSecret}!`)(used, salt).text).not.toBe(next);
  });
});
