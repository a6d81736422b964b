import type { IncomingMessage } from 'node:http';
import { endpointOf } from '@secureconnect/contracts';
import { limitKey, type RateLimiter } from '@secureconnect/rate-limit';
import {
  ApiError,
  addressSubject,
  bearerToken,
  type Identity,
  type RevocationCheck,
  unauthorized,
} from '@secureconnect/service';
import type { GatewayContext } from '../context.ts';
import { type Headers, limitHeaders } from './limit-headers.ts';

export interface Applicant {
  readonly incoming: IncomingMessage;
  readonly clientAddress: string;
  readonly context: GatewayContext;
  /** Browsers cannot set headers on an upgrade: its token may stand in the query. */
  readonly isUpgrade: boolean;
}

export interface AdmissionPorts {
  readonly rateLimit: RateLimiter;
  readonly revocations: RevocationCheck;
}

export interface Admission {
  /** False where the local limiter refused, which has a body of its own. */
  readonly granted: boolean;
  readonly user: Identity | undefined;
  /** What the reply says about the limit. */
  readonly headers: Headers;
}

/**
 * Whether a request may pass. Counts it, by user where a token says who that is and the endpoint
 * asks for one, else by address. Throws RATE_LIMITED over the limit, and UNAUTHORIZED for a revoked
 * token; a token that does not verify is left to the service to judge.
 */
export async function admit(applicant: Applicant, ports: AdmissionPorts): Promise<Admission> {
  const { incoming, context } = applicant;
  const endpoint = endpointOf(incoming.method ?? 'GET', incoming.url ?? '/');
  const user = endpoint.public ? undefined : userOf(applicant);
  // Who holds a token that is known to be revoked must not spend its user's budget.
  const subject =
    user === undefined || context.snapshot.holds(user)
      ? addressSubject(applicant.clientAddress)
      : `user:${user.userId}`;
  // Both at once: while Redis hangs, each may take as long as a command is waited for.
  const [decision, isRevoked] = await Promise.all([
    ports.rateLimit.consume(limitKey(endpoint.name, subject), endpoint.perMinute),
    user === undefined ? false : ports.revocations.isRevoked(user),
  ]);
  const headers = limitHeaders(endpoint.name, decision);
  if (!decision.granted && decision.source === 'redis') {
    const message = `No more than ${decision.limit} requests a minute; try again later.`;
    throw new ApiError('RATE_LIMITED', message, { headers });
  }
  if (decision.granted && isRevoked) throw unauthorized('This token was revoked. Log in again.');
  return { granted: decision.granted, user, headers };
}

function userOf({ incoming, context, isUpgrade }: Applicant): Identity | undefined {
  const token = bearerToken(incoming, isUpgrade);
  if (token === undefined) return undefined;
  try {
    return context.verifyToken(token);
  } catch (error) {
    // Not valid, or expired: the service says so. Until then its sender is only an address.
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}
