import { AccessTokenClaims, Tokens } from '@secureconnect/contracts';
import { openDatabase } from '@secureconnect/postgres';
import { FaultProxy } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { someone, startAuth, type TestAuth } from './harness.ts';

// Gives out the shortest access tokens, beside instances of other settings.
let auth: TestAuth;
beforeAll(async () => {
  auth = await startAuth({ ACCESS_TOKEN_SECONDS: '60' });
});
afterAll(() => auth[Symbol.asyncDispose]());

const claimsOf = (token: string): AccessTokenClaims =>
  AccessTokenClaims.parse(
    JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()),
  );

/** By how many seconds the revocation of a token's session outlives the token. */
async function revokedBeyondExpiry(token: string): Promise<number> {
  const { sid, exp } = claimsOf(token);
  const database = openDatabase({ url: auth.databaseUrl });
  try {
    const [row] = await database.query<{ seconds: number }>(
      `SELECT extract(epoch FROM expires_at)::float8 - $2::float8 AS seconds
       FROM auth.revocations WHERE id = $1`,
      [sid, exp],
    );
    if (row === undefined) throw new Error('the session is not revoked');
    return row.seconds;
  } finally {
    await database.close();
  }
}

describe('the revocation of a session', () => {
  it('outlives tokens that were signed under a longer ACCESS_TOKEN_SECONDS', async () => {
    await using earlier = await startAuth({ ACCESS_TOKEN_SECONDS: '3600' }, {}, auth);
    const registered = await earlier.call('POST', '/v1/auth/register', { body: someone() });
    const old = Tokens.parse(registered.body.data);
    const refreshed = await auth.call('POST', '/v1/auth/refresh', {
      body: { refresh_token: old.refresh_token },
    });
    const { access_token: token } = Tokens.parse(refreshed.body.data);
    expect((await auth.call('POST', '/v1/auth/logout', { token })).status).toBe(200);
    expect(await revokedBeyondExpiry(old.access_token)).toBeGreaterThan(55);
  });

  it('outlives stateless tokens, which are longer than the shortest others', async () => {
    await using proxy = await FaultProxy.start(Number(new URL(auth.redis.url).port));
    await proxy.setMode({ kind: 'refused' });
    const cutOff = { REDIS_URL: proxy.url, ENABLE_STATELESS_AUTH: 'true' };
    await using degraded = await startAuth(cutOff, {}, auth);
    const user = someone();
    await degraded.call('POST', '/v1/auth/register', { body: user });
    const { email, password } = user;
    const login = await degraded.call('POST', '/v1/auth/login', { body: { email, password } });
    const { access_token: token } = Tokens.parse(login.body.data);
    expect((await auth.call('POST', '/v1/auth/logout', { token })).status).toBe(200);
    expect(await revokedBeyondExpiry(token)).toBeGreaterThan(55);
  });
});
