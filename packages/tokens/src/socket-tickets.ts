import { randomUUID } from 'node:crypto';
import { SocketTicketClaims } from '@secureconnect/contracts';
import type { Database } from '@secureconnect/postgres';
import type { Identity, SocketTicket, SocketTickets, VerifyTicket } from '@secureconnect/service';
import { issuer } from './claims.ts';
import { signingKey } from './key.ts';
import { type PrivateKey, signByHmac, signByKey } from './keys/sign-jws.ts';
import {
  createJwsVerifier,
  notValid,
  type SecretsOnly,
  type TokenKeys,
} from './keys/verify-jws.ts';
import { insertUsedTicket } from './used-tickets.ts';

/** A separate audience, so that tickets and access tokens cannot be mistaken for each other. */
const ticketAudience = 'secureconnect-ws-ticket';
/** Enough to open a socket over a slow line, but short for readers of a proxy's log. */
const lifetimeSeconds = 30;

export interface SignedTicket {
  readonly ticket: string;
  readonly expiresInSeconds: number;
}

/** Signs tickets. Each represents an access token that is valid for at least a second. */
export type SignTicket = (identity: Identity) => Promise<SignedTicket>;

/** Signs tickets by HS256, without waiting. */
export function createTicketSigner(options: {
  secret: string;
}): (identity: Identity) => SignedTicket {
  const key = signingKey(options.secret);
  return (identity) => {
    const { payload, expiresInSeconds } = claimsOf(identity);
    return { ticket: signByHmac(payload, key), expiresInSeconds };
  };
}

/** Signs tickets by the current private key, and by HS256 while there is none. */
export function createKeyTicketSigner(options: {
  readonly secret: string;
  readonly currentKey: () => PrivateKey | undefined;
}): SignTicket {
  const byHmac = createTicketSigner(options);
  return async (identity) => {
    const key = options.currentKey();
    if (key === undefined) return byHmac(identity);
    const { payload, expiresInSeconds } = claimsOf(identity);
    return { ticket: await signByKey(payload, key), expiresInSeconds };
  };
}

function claimsOf(identity: Identity) {
  const { userId, sessionId, tokenId, role, issuedAtMs, expiresAtMs, degraded } = identity;
  const nowMs = Date.now();
  const iat = Math.floor(nowMs / 1000);
  const left = Math.floor((expiresAtMs - nowMs) / 1000);
  const expiresInSeconds = Math.max(1, Math.min(lifetimeSeconds, left));
  const who = { sub: userId, sid: sessionId, role, jti: randomUUID() };
  const where = { iss: issuer, aud: ticketAudience, iat, exp: iat + expiresInSeconds };
  const token = { token_id: tokenId, token_iat: issuedAtMs / 1000, token_exp: expiresAtMs / 1000 };
  const payload = { ...who, ...where, ...token, ...(degraded ? { deg: true } : {}) };
  return { payload, expiresInSeconds };
}

/** Verifies tickets like access tokens. */
export function createTicketVerifier(keys: SecretsOnly): (text: string) => SocketTicket;
export function createTicketVerifier(keys: TokenKeys): VerifyTicket;
export function createTicketVerifier(keys: TokenKeys): VerifyTicket {
  const checks = { audience: ticketAudience, refusal };
  return createJwsVerifier(keys, { ...checks, read: ticketOf, maxRemembered: 0 });
}

function ticketOf(payload: unknown): SocketTicket {
  const claims = SocketTicketClaims.safeParse(payload);
  if (!claims.success || claims.data.exp * 1000 <= Date.now()) throw refusal();
  const { sub, sid, jti, exp, role, token_id, token_iat, token_exp, deg } = claims.data;
  return {
    ticketId: jti,
    expiresAtMs: exp * 1000,
    identity: {
      userId: sub,
      sessionId: sid,
      tokenId: token_id,
      role,
      issuedAtMs: token_iat * 1000,
      expiresAtMs: token_exp * 1000,
      degraded: deg === true,
    },
  };
}

/** Accepts tickets for WebSockets. SQL records which were used, so Redis is not needed. */
export function createSocketTickets(
  options: TokenKeys & { readonly database: Database },
): SocketTickets {
  return {
    verify: createTicketVerifier(options),
    use: (ticket) => insertUsedTicket(options.database, ticket),
  };
}

const refusal = (): Error =>
  notValid('This ticket is not valid; get a new one and use it within 30 s.');
