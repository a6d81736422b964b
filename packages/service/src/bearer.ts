import type { IncomingMessage } from 'node:http';
import { ApiError } from './api-error.ts';
import type { Identity, RevocationCheck, VerifyToken } from './identity.ts';

const longestTokenBytes = 4096;

/**
 * The bearer token of a request: `Authorization: Bearer …`, or, for WebSocket upgrades from
 * browsers (which cannot set headers), the query parameter `access_token` (RFC 6750, 2.3).
 */
export function bearerToken(request: IncomingMessage, fromQuery: boolean): string | undefined {
  const header = request.headers.authorization;
  const match = header === undefined ? null : /^Bearer +([\w.~+/=-]+) *$/i.exec(header);
  const token = match?.[1] ?? (fromQuery ? queryToken(request.url) : undefined);
  return token !== undefined && token.length <= longestTokenBytes ? token : undefined;
}

function queryToken(url: string | undefined): string | undefined {
  const queryAt = url?.indexOf('?') ?? -1;
  if (url === undefined || queryAt < 0) return undefined;
  return new URLSearchParams(url.slice(queryAt)).get('access_token') ?? undefined;
}

/** Who sends this request. Throws UNAUTHORIZED when that cannot be told, or no longer holds. */
export async function authenticate(
  token: string | undefined,
  verifyToken: VerifyToken,
  revocations: RevocationCheck,
): Promise<Identity> {
  if (token === undefined) {
    throw unauthorized('A bearer token is required: send "Authorization: Bearer <access token>".');
  }
  const identity = verifyToken(token);
  if (await revocations.isRevoked(identity)) {
    throw unauthorized('This token was revoked. Log in again.');
  }
  return identity;
}

/** The challenge that RFC 6750 asks for. */
const challenge = { headers: { 'WWW-Authenticate': 'Bearer realm="secureconnect"' } };

/** 401 with its challenge. */
export function unauthorized(message: string): ApiError {
  return new ApiError('UNAUTHORIZED', message, challenge);
}

/** 401 for a token that was signed here and whose time is over: whose it was can be told. */
export class TokenExpired extends ApiError {
  readonly userId: string;

  constructor(userId: string) {
    super('UNAUTHORIZED', 'This access token has expired. Refresh it, or log in again.', challenge);
    this.userId = userId;
  }
}
