import type { Endpoint, SocketEndpoint } from './endpoint.ts';
import { type ErrorCode, errorStatuses } from './errors.ts';

/** Any request may be refused with these: headers that repeat, limits, faults, outages. */
const always = [
  'VALIDATION_ERROR',
  'RATE_LIMITED',
  'INTERNAL_ERROR',
  'SERVICE_UNAVAILABLE',
] as const;

/** Every status that a request to an endpoint may be answered with. */
export function statusesOf(endpoint: Endpoint | SocketEndpoint): ReadonlySet<number> {
  const codes: ErrorCode[] = [...always, ...endpoint.errors];
  if (endpoint.auth !== 'none') codes.push('UNAUTHORIZED');
  if (endpoint.kind === 'socket')
    codes.push('FORBIDDEN'); // To web pages of other origins.
  else if (endpoint.body !== undefined) codes.push('PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE');
  return new Set([...successesOf(endpoint), ...codes.map((code) => errorStatuses[code])]);
}

/** The statuses that `reply` and `otherReplies` declare; for a socket, Switching Protocols. */
function successesOf(endpoint: Endpoint | SocketEndpoint): number[] {
  if (endpoint.kind === 'socket') return [101];
  const { reply, status = 200, otherReplies } = endpoint;
  const others = Object.keys(otherReplies ?? {}).map(Number);
  return reply === undefined && otherReplies !== undefined ? others : [status, ...others];
}
