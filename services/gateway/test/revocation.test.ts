import { eventually } from '@secureconnect/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  bearer,
  startGateway,
  startUpstream,
  type TestGateway,
  type TestToken,
} from './harness.ts';

const stack = new AsyncDisposableStack();
let gateway: TestGateway;
let passedOn = 0;

beforeAll(async () => {
  const upstream = stack.use(
    await startUpstream((_request, reply) => {
      passedOn += 1;
      reply.end('normal');
    }),
  );
  gateway = stack.use(await startGateway({ environment: { AUTH_URL: upstream.origin } }));
});
afterAll(() => stack.disposeAsync());

const ask = (token: TestToken, path = '/v1/users/me', method = 'GET') =>
  fetch(`${gateway.url}${path}`, { method, headers: bearer(token) });

/** Until the gateway's own copy has the newest row. */
const untilRefused = (token: TestToken) =>
  eventually(async () => expect((await ask(token)).status).toBe(401), {
    timeoutMs: 8000,
    intervalMs: 250,
  });

describe('a revoked token', () => {
  it('is refused with the envelope, and no service is asked', async () => {
    const token = gateway.token();
    expect((await ask(token)).status).toBe(200);
    await gateway.revokeAtOnce(token.tokenId);
    const before = passedOn;
    const reply = await ask(token);
    expect(reply.status).toBe(401);
    expect(await reply.json()).toMatchObject({ success: false, error: { code: 'UNAUTHORIZED' } });
    expect(reply.headers.get('www-authenticate')).toContain('Bearer');
    expect(passedOn).toBe(before);
  });

  it('is passed on if the route needs no token', async () => {
    const token = gateway.token();
    await gateway.revokeAtOnce(token.tokenId);
    expect((await ask(token, '/v1/auth/login', 'POST')).status).toBe(200);
  });

  it('is refused even if Redis does not know it, and does not spend the limit of its user', async () => {
    const stolen = gateway.token();
    const remaining = async (): Promise<number> => {
      const reply = await ask(gateway.token(stolen.userId));
      return Number(reply.headers.get('x-ratelimit-remaining'));
    };
    await gateway.revoke(stolen.tokenId);
    await untilRefused(stolen);
    const before = await remaining();
    for (let n = 0; n < 20; n += 1) expect((await ask(stolen)).status).toBe(401);
    expect(await remaining()).toBe(before - 1);
  });

  it('stays refused while Redis is down, and when it comes back empty', {
    timeout: 40_000,
  }, async () => {
    const [revoked, valid] = [gateway.token(), gateway.token()];
    await ask(valid);
    await gateway.revoke(revoked.tokenId);
    await gateway.redis.kill();
    // At once, though the copy is older than the row: the first to ask takes a new one.
    expect((await ask(revoked)).status).toBe(401);
    const reply = await ask(valid);
    expect(reply.status).toBe(200);
    expect(reply.headers.get('x-degraded')).toBe('rate-limit=local, revocations=snapshot');
    await gateway.redis.restart({ empty: true });
    await gateway.untilDegraded(false);
    expect((await ask(revoked)).status).toBe(401);
    expect((await ask(valid)).headers.get('x-degraded')).toBeNull();
  });
});
