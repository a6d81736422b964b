import type { Decision } from '@secureconnect/rate-limit';

export type Headers = Readonly<Record<string, string>>;

/**
 * The headers about a limit: the common fields, with the reset in seconds from now, and the IETF's
 * (draft-ietf-httpapi-ratelimit-headers).
 */
export function limitHeaders(name: string, decision: Decision): Headers {
  const { limit, remaining, resetSeconds, retryAfterSeconds, granted } = decision;
  return {
    'X-RateLimit-Limit': String(limit),
    'X-RateLimit-Remaining': String(remaining),
    'X-RateLimit-Reset': String(resetSeconds),
    RateLimit: `"${name}";r=${remaining};t=${resetSeconds}`,
    'RateLimit-Policy': `"${name}";q=${limit};w=60`,
    ...(granted ? {} : { 'Retry-After': String(retryAfterSeconds) }),
  };
}
