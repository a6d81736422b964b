import { randomUUID } from 'node:crypto';
import type { HttpRoute } from '@secureconnect/service';
import { createTokenSigner } from '@secureconnect/tokens';
import { jwtSecret } from '@secureconnect/tokens/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuthContext } from '../src/context.ts';
import { authRoutes } from '../src/index.ts';
import { registerSomeone, startAuth, type TestAuth } from './harness.ts';

let auth: TestAuth;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(() => auth[Symbol.asyncDispose]());

const bearerRoutes = authRoutes
  .filter((route): route is HttpRoute<AuthContext> => route.kind === 'http')
  .filter((route) => route.auth === 'bearer');

const call = (route: HttpRoute<AuthContext>, token?: string) =>
  auth.call(route.method.toUpperCase(), route.path.replace(':user_id', randomUUID()), {
    ...(token === undefined ? {} : { token }),
  });

const register = () => registerSomeone(auth);

const signed = (secret: string, lifetimeSeconds = 60) =>
  createTokenSigner({ secret })({
    userId: randomUUID(),
    sessionId: randomUUID(),
    role: 'user',
    lifetimeSeconds,
  }).token;

describe.each(bearerRoutes.map((route) => [route.policy.route, route] as const))(
  '%s',
  (_name, route) => {
    it('refuses a token that was revoked by logging out', async () => {
      const { access_token: token } = await register();
      expect((await auth.call('POST', '/v1/auth/logout', { token })).status).toBe(200);
      const reply = await call(route, token);
      expect([reply.status, reply.body.error?.code]).toEqual([401, 'UNAUTHORIZED']);
    });

    it.each<[string, () => string | undefined]>([
      ['none', () => undefined],
      ['one of another secret', () => signed(`${jwtSecret}!`)],
      ['one that has expired', () => signed(jwtSecret, -1)],
      ['no token at all', () => 'not.a.token'],
      [
        'one whose payload is no JSON',
        () => 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.bm90IEpTT04.c2ln',
      ],
    ])('refuses %s', async (_what, token) => {
      const reply = await call(route, token());
      expect([reply.status, reply.body.error?.code]).toEqual([401, 'UNAUTHORIZED']);
      expect(reply.headers.get('www-authenticate')).toContain('Bearer');
    });
  },
);

describe('a token of a user who does not exist', () => {
  it('is valid, and finds no user', async () => {
    const reply = await auth.call('GET', '/v1/users/me', { token: signed(jwtSecret) });
    expect([reply.status, reply.body.error?.code]).toEqual([404, 'NOT_FOUND']);
  });
});
