import { expect, it } from 'vitest';
import { call } from '../../test/call.ts';
import { sendRaw } from '../../test/raw-http.ts';
import { bearer, smallRoutes, startSmallService } from '../../test/small-service.ts';
import { ApiError, unauthorized } from '../index.ts';

type Line = Record<string, unknown>;
const address = '203.0.113.77';
const email = 'ada@example.com';
const secret = 'a secret that all services share';

/** The lines about security of a service that refuses one request for this, from an address. */
async function linesOf(
  thrown: unknown,
  { logSecret = secret, from = address }: { logSecret?: string; from?: string } = {},
): Promise<Line[]> {
  await using small = await startSmallService({ logSecret, trustedProxies: ['loopback'] });
  small.context.thrown = thrown;
  const headers = { 'x-forwarded-for': from, 'x-request-id': 'the-request' };
  await call(`${small.url}/v1/failing`, { headers });
  // Neither the address nor whose it is stands anywhere, of these lines or others.
  for (const text of [address, email]) expect(small.logLines.join('')).not.toContain(text);
  return small.logLines
    .map((line): Line => JSON.parse(line))
    .filter(({ msg }) => msg === 'security event');
}

const failedLogin = (): ApiError =>
  unauthorized('No.', { event: 'login_failed', account: email, userId: 'user' });

it('a refusal that means something to security is one line, with ids alone', async () => {
  const lines = await linesOf(failedLogin());
  expect(lines).toEqual([
    expect.objectContaining({
      level: 'info',
      service: 'small-service',
      event: 'login_failed',
      request_id: 'the-request',
      user_id: 'user',
      address_id: expect.stringMatching(/^[\w-]{16}$/),
      account_id: expect.stringMatching(/^[\w-]{16}$/),
    }),
  ]);
});

it('any other refusal is none', async () => {
  expect(await linesOf(unauthorized('No.'))).toEqual([]);
  expect(await linesOf(new ApiError('NOT_FOUND', 'No.'))).toEqual([]);
  expect(await linesOf(new Error('a mistake'))).toEqual([]);
});

it('an address has one id under one secret, and a different id under a different secret', async () => {
  const idOf = async (options: Parameters<typeof linesOf>[1]): Promise<unknown> =>
    (await linesOf(failedLogin(), options))[0]?.['address_id'];
  const id = await idOf({});
  expect(await idOf({})).toBe(id);
  expect(await idOf({ from: `::ffff:${address}` })).toBe(id);
  expect(await idOf({ from: '203.0.113.78' })).not.toBe(id);
  expect(await idOf({ logSecret: 'another secret of all services' })).not.toBe(id);
  // The addresses that one customer has count as one.
  expect(await idOf({ from: '2001:db8::1' })).toBe(await idOf({ from: '2001:db8::ffff' }));
});

it('a revoked token and a page of another origin are such events, for sockets too', async () => {
  const revocations = {
    redis: { isRevoked: async () => true },
    snapshot: { isRevoked: async () => true, stalenessSeconds: () => 0 },
  };
  const routes = smallRoutes.filter(({ path }) => ['/v1/mine', '/v1/ws'].includes(path));
  await using small = await startSmallService({ ports: { revocations }, routes });
  await call(`${small.url}/v1/mine`, { body: '{}', headers: bearer });
  const upgrade = (more: string): string =>
    'GET /v1/ws?q=1 HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
    'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n' +
    `Authorization: ${bearer.authorization}\r\n${more}\r\n`;
  await sendRaw(small.port, upgrade(''));
  await sendRaw(small.port, upgrade('Origin: https://elsewhere.example\r\n'));
  const events = small.logLines
    .map((line): Line => JSON.parse(line))
    .filter(({ msg }) => msg === 'security event');
  expect(events).toEqual([
    expect.objectContaining({ event: 'token_revoked', user_id: 'user', session_id: 'session' }),
    expect.objectContaining({ event: 'token_revoked', user_id: 'user', session_id: 'session' }),
    expect.objectContaining({ event: 'origin_refused' }),
  ]);
});
