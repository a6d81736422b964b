import type { IncomingMessage } from 'node:http';
import { ApiError, type ApiErrorOptions } from './api-error.ts';
import type { Identity, RevocationCheck, VerifyToken } from './identity.ts';

const maxTokenBytes = 4096;
/** The subprotocol that precedes a token. */
export const bearerProtocol = 'bearer';

/** The credential of a request. */
export interface Credential {
  /** A ticket is valid for one WebSocket. */
  readonly kind: 'token' | 'ticket';
  readonly text: string;
}

/** The bearer token of a request: `Authorization: Bearer …`. */
export function bearerToken(request: IncomingMessage): string | undefined {
  const header = request.headers.authorization;
  const match = header === undefined ? null : /^Bearer +([\w.~+/=-]+) *$/i.exec(header);
  return bounded(match?.[1]);
}

/**
 * The credential of a WebSocket upgrade, the first of: the bearer token; for browsers, which cannot
 * set headers, a token as a subprotocol (`Sec-WebSocket-Protocol: bearer, …`) or a ticket in the
 * query (`?ticket=`); and for tools a token in the query (`?access_token=`, RFC 6750, 2.3), which
 * the log of every proxy on the way may keep.
 */
export function upgradeCredential(request: IncomingMessage): Credential | undefined {
  const inHeader = bearerToken(request) ?? protocolToken(request.headers['sec-websocket-protocol']);
  if (inHeader !== undefined) return { kind: 'token', text: inHeader };
  const query = queryOf(request.url);
  const ticket = bounded(query.get('ticket'));
  if (ticket !== undefined) return { kind: 'ticket', text: ticket };
  const text = bounded(query.get('access_token'));
  return text === undefined ? undefined : { kind: 'token', text };
}

function protocolToken(protocols: string | undefined): string | undefined {
  const offered = protocols?.split(',').map((protocol) => protocol.trim()) ?? [];
  const at = offered.indexOf(bearerProtocol);
  return at < 0 ? undefined : bounded(offered[at + 1]);
}

function queryOf(url: string | undefined): URLSearchParams {
  const at = url?.indexOf('?') ?? -1;
  return new URLSearchParams(url === undefined || at < 0 ? '' : url.slice(at));
}

function bounded(token: string | null | undefined): string | undefined {
  const isToken = typeof token === 'string' && token !== '' && token.length <= maxTokenBytes;
  return isToken ? token : undefined;
}

/** The sender of this request. Throws UNAUTHORIZED if it is unknown or its session has ended. */
export async function authenticate(
  token: string | undefined,
  verifyToken: VerifyToken,
  revocations: RevocationCheck,
): Promise<Identity> {
  if (token === undefined) {
    throw unauthorized('A bearer token is required: send "Authorization: Bearer <access token>".');
  }
  const identity = await verifyToken(token);
  await refuseRevoked(identity, revocations);
  return identity;
}

/** Throws UNAUTHORIZED if the token of an identity was revoked. */
export async function refuseRevoked(
  identity: Identity,
  revocations: RevocationCheck,
): Promise<void> {
  if (await revocations.isRevoked(identity)) {
    throw tokenRevoked(identity);
  }
}

/** 401 for a token that was valid once. */
export function tokenRevoked({ userId, sessionId }: Identity): ApiError {
  const security = { event: 'token_revoked', userId, sessionId } as const;
  return unauthorized('This token was revoked. Log in again.', security);
}

/** The challenge that RFC 6750 requires. */
const challenge = { headers: { 'WWW-Authenticate': 'Bearer realm="secureconnect"' } };

/** 401 with its challenge. */
export function unauthorized(message: string, security?: ApiErrorOptions['security']): ApiError {
  return new ApiError('UNAUTHORIZED', message, {
    ...challenge,
    ...(security === undefined ? {} : { security }),
  });
}

/** 401 for an expired token of ours: its user is known. */
export class TokenExpired extends ApiError {
  readonly userId: string;

  constructor(userId: string) {
    super('UNAUTHORIZED', 'This access token has expired. Refresh it, or log in again.', challenge);
    this.userId = userId;
  }
}
