import { randomUUID } from 'node:crypto';
import { ApiError } from '@secureconnect/service';
import jwt from 'jsonwebtoken';
import { expect, test } from 'vitest';
import { createTokenSigner, createTokenVerifier } from './index.ts';
import { signingKey } from './key.ts';
import { createTicketSigner, createTicketVerifier } from './socket-tickets.ts';

const secret = 'a secret of the tests that is long enough';

test('a ticket stands for its token whole: who, until when, and since when', () => {
  const now = Math.floor(Date.now() / 1000) * 1000;
  const identity = {
    userId: '6f1f7a0e-6ad4-4c0e-9a3e-0d5d5a3b8c11',
    sessionId: '1a7d5f53-2f5f-4a55-9d2b-35b2d5a0c6aa',
    tokenId: '0c8a4cf0-6a53-4f0e-8d38-0ea43a4c0d6e',
    role: 'user',
    // The end of all sessions is judged by this one.
    issuedAtMs: now - 60_000,
    expiresAtMs: now + 60_000,
    degraded: true,
  };
  const { ticket, expiresInSeconds } = createTicketSigner({ secret })(identity);
  expect(expiresInSeconds).toBe(30);
  expect(createTicketVerifier({ secret })(ticket).identity).toEqual(identity);
});

/** Tokens count whole seconds. */
const inSeconds = (seconds: number): number => (Math.floor(Date.now() / 1000) + seconds) * 1000;
const identity = () => ({
  userId: randomUUID(),
  sessionId: randomUUID(),
  tokenId: randomUUID(),
  role: 'user',
  issuedAtMs: inSeconds(-60),
  expiresAtMs: inSeconds(60),
  degraded: false,
});
const verify = createTicketVerifier({ secret });
const refusalOf = (text: string): unknown => {
  try {
    return verify(text);
  } catch (error) {
    return error;
  }
};

test('a ticket is no access token, and an access token no ticket', () => {
  const { ticket } = createTicketSigner({ secret })(identity());
  expect(() => createTokenVerifier({ secret })(ticket)).toThrow('not a valid access token');
  const { token } = createTokenSigner({ secret })({ ...identity(), lifetimeSeconds: 60 });
  expect(refusalOf(token)).toBeInstanceOf(ApiError);
});

test('a ticket does not outlive its token, and none is the same as another', () => {
  const sign = createTicketSigner({ secret });
  const soon = { ...identity(), expiresAtMs: inSeconds(10) };
  expect(sign(soon).expiresInSeconds).toBeGreaterThan(0);
  expect(sign(soon).expiresInSeconds).toBeLessThanOrEqual(10);
  expect(verify(sign(soon).ticket).expiresAtMs).toBeLessThanOrEqual(soon.expiresAtMs);
  expect(verify(sign(soon).ticket).ticketId).not.toBe(verify(sign(soon).ticket).ticketId);
});

test.each<[string, () => string]>([
  ['of another secret', () => createTicketSigner({ secret: `${secret}!` })(identity()).ticket],
  ['of which a part is missing', () => createTicketSigner({ secret })(identity()).ticket.slice(1)],
  ['that is empty', () => ''],
  ['that is over', () => signed({ expiresIn: -1 })],
  ['of algorithm HS512', () => signed({ algorithm: 'HS512' })],
  ['that lacks its token', () => signed({}, { token_id: undefined })],
  ['whose id is no UUID', () => signed({ jwtid: 'x' })],
])('a ticket %s is refused with 401', (_what, ticket) => {
  const refusal = refusalOf(ticket());
  expect(refusal).toBeInstanceOf(ApiError);
  expect(refusal).toMatchObject({ code: 'UNAUTHORIZED' });
});

test('what the tests sign themselves is a ticket', () => {
  expect(verify(signed())).toMatchObject({ identity: { role: 'user' } });
});

/** A ticket with any options and claims, signed rightly. */
function signed(options: jwt.SignOptions = {}, claims: object = {}): string {
  const now = Math.floor(Date.now() / 1000);
  const whole = {
    ...{ sid: randomUUID(), role: 'user', token_id: randomUUID() },
    ...{ token_iat: now, token_exp: now + 60 },
    ...claims,
  };
  return jwt.sign(whole, secret, {
    ...{ algorithm: 'HS256', keyid: signingKey(secret).id, issuer: 'secureconnect-auth' },
    ...{ audience: 'secureconnect-ws-ticket', subject: randomUUID(), jwtid: randomUUID() },
    ...{ expiresIn: 30 },
    ...options,
  });
}
