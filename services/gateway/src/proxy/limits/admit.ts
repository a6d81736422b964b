import type { IncomingMessage } from 'node:http';
import { limitOf, type RateLimit } from '@secureconnect/contracts';
import { type Decision, limitKey, type RateLimiter } from '@secureconnect/rate-limit';
import {
  ApiError,
  addressSubject,
  type Identity,
  type RevocationCheck,
  tokenRevoked,
} from '@secureconnect/service';
import type { GatewayContext } from '../../context.ts';
import { claimedUser } from './claimed-user.ts';
import { type Headers, limitHeaders } from './limit-headers.ts';

export interface Applicant {
  readonly incoming: IncomingMessage;
  readonly clientAddress: string;
  readonly context: GatewayContext;
}

export interface AdmitOptions {
  /** Browsers cannot set headers on an upgrade, so its token may be elsewhere. */
  readonly isUpgrade: boolean;
  /** The session named in the body, for endpoints that count by session. */
  readonly sessionId?: () => Promise<string | undefined>;
}

export interface AdmissionPorts {
  readonly rateLimit: RateLimiter;
  readonly revocations: RevocationCheck;
}

export interface Admission {
  /** False if the local limiter refused; that refusal has a different body. */
  readonly granted: boolean;
  readonly user: Identity | undefined;
  /** The headers about the limit for the reply. */
  readonly headers: Headers;
}

/**
 * Decides whether a request may pass. Counts it under its endpoint's subject if that is known,
 * otherwise under its address. Throws RATE_LIMITED over the limit, and UNAUTHORIZED for a revoked
 * token; the service judges invalid tokens.
 */
export async function admit(
  applicant: Applicant,
  options: AdmitOptions,
  ports: AdmissionPorts,
): Promise<Admission> {
  const { incoming, clientAddress } = applicant;
  const limit = limitOf(incoming.method ?? 'GET', incoming.url ?? '/');
  if (limit.perMinuteOfAddress !== undefined) {
    const ofAddress = {
      bucket: `${limit.bucket}-address`,
      perMinute: limit.perMinuteOfAddress,
    };
    const wide = await consume(ports, ofAddress, addressSubject(clientAddress));
    if (!wide.granted) return { ...wide, user: undefined };
  }
  const { subject, user } = await whoIsCounted(limit, applicant, options);
  // Concurrently: while Redis hangs, each may take the full command time-out.
  const [counted, isRevoked] = await Promise.all([
    consume(ports, limit, subject),
    user === undefined ? false : ports.revocations.isRevoked(user),
  ]);
  if (counted.granted && isRevoked && user !== undefined) throw tokenRevoked(user);
  return { ...counted, user };
}

async function consume(
  { rateLimit }: AdmissionPorts,
  { bucket, perMinute }: Pick<RateLimit, 'bucket' | 'perMinute'>,
  subject: string,
): Promise<{ readonly granted: boolean; readonly headers: Headers }> {
  const decision: Decision = await rateLimit.consume(limitKey(bucket, subject), perMinute);
  const headers = limitHeaders(bucket, decision);
  if (!decision.granted && decision.source === 'redis') {
    const message = `The limit is ${decision.limit} requests a minute; retry later.`;
    throw new ApiError('RATE_LIMITED', message, { headers });
  }
  return { granted: decision.granted, headers };
}

interface Counted {
  readonly subject: string;
  /** The sender, if the token is valid. */
  readonly user?: Identity;
}

async function whoIsCounted(
  limit: RateLimit,
  applicant: Applicant,
  { isUpgrade, sessionId: readSessionId }: AdmitOptions,
): Promise<Counted> {
  const byAddress = { subject: addressSubject(applicant.clientAddress) };
  switch (limit.countedBy) {
    case 'address':
      return byAddress;
    case 'session': {
      const sessionId = await readSessionId?.();
      return sessionId === undefined ? byAddress : { subject: `session:${sessionId}` };
    }
    case 'user':
      return (await countedUser(applicant, isUpgrade)) ?? byAddress;
  }
}

/**
 * A holder of an expired or revoked token must use neither the user's budget nor that of the
 * address, which others share; it has its own budget.
 */
async function countedUser(
  { incoming, context }: Applicant,
  isUpgrade: boolean,
): Promise<Counted | undefined> {
  const claimed = await claimedUser(incoming, isUpgrade, context);
  if (claimed === undefined) return undefined;
  if (claimed.user === undefined) return { subject: `former:${claimed.userId}` };
  const { user } = claimed;
  const kind = context.snapshot.holds(user) ? 'former' : 'user';
  return { subject: `${kind}:${user.userId}`, user };
}
