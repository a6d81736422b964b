import { randomUUID } from 'node:crypto';
import { SocketTicketClaims } from '@secureconnect/contracts';
import type { Database } from '@secureconnect/postgres';
import {
  type Identity,
  type SocketTickets,
  unauthorized,
  type VerifyTicket,
} from '@secureconnect/service';
import jwt from 'jsonwebtoken';
import { issuer } from './claims.ts';
import { signingKey } from './key.ts';
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
export function createTicketSigner(options: {
  secret: string;
}): (identity: Identity) => SignedTicket {
  const key = signingKey(options.secret);
  return ({ userId, sessionId, tokenId, role, issuedAtMs, expiresAtMs, degraded }) => {
    const left = Math.floor((expiresAtMs - Date.now()) / 1000);
    const expiresInSeconds = Math.max(1, Math.min(lifetimeSeconds, left));
    const claims = {
      sid: sessionId,
      role,
      token_id: tokenId,
      token_iat: issuedAtMs / 1000,
      token_exp: expiresAtMs / 1000,
    };
    const ticket = jwt.sign({ ...claims, ...(degraded ? { deg: true } : {}) }, key.secret, {
      algorithm: 'HS256',
      keyid: key.id,
      issuer,
      audience: ticketAudience,
      subject: userId,
      jwtid: randomUUID(),
      expiresIn: expiresInSeconds,
    });
    return { ticket, expiresInSeconds };
  };
}

/** Verifies tickets like access tokens. Throws UNAUTHORIZED. */
export function createTicketVerifier(options: { secret: string }): VerifyTicket {
  const key = signingKey(options.secret);
  return (text) => {
    const { header, payload } = verified(text, key.secret);
    const claims = SocketTicketClaims.safeParse(payload);
    if (header.kid !== key.id || !claims.success) throw notValid();
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
  };
}

/** Accepts tickets for WebSockets. SQL records which were used, so Redis is not needed. */
export function createSocketTickets(options: {
  secret: string;
  database: Database;
}): SocketTickets {
  return {
    verify: createTicketVerifier(options),
    use: (ticket) => insertUsedTicket(options.database, ticket),
  };
}

function verified(text: string, secret: string): jwt.Jwt {
  try {
    return jwt.verify(text, secret, {
      algorithms: ['HS256'],
      issuer,
      audience: ticketAudience,
      complete: true,
    });
  } catch {
    // Every error of `jwt.verify` concerns the ticket.
    throw notValid();
  }
}

function notValid() {
  const message = 'This ticket is not valid; get a new one and use it within 30 s.';
  return unauthorized(message, { event: 'token_invalid' });
}
