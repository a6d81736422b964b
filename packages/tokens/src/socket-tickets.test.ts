import { expect, test } from 'vitest';
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
