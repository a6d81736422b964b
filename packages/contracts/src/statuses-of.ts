import type { Endpoint, SocketEndpoint } from './endpoint.ts';
import { type ErrorCode, errorStatuses } from './errors.ts';

/** Any request or frame may be refused with these: its form, limits, faults, outages. */
export const generalErrors = [
  'VALIDATION_ERROR',
  'RATE_LIMITED',
  'INTERNAL_ERROR',
  'SERVICE_UNAVAILABLE',
] as const;

/** The errors of an endpoint or an upgrade: those that any of its kind may reply, and its own. */
export function errorsOf(endpoint: Endpoint | SocketEndpoint): ReadonlySet<ErrorCode> {
  const codes = new Set<ErrorCode>(generalErrors);
  if (endpoint.auth !== 'none') codes.add('UNAUTHORIZED');
  if (endpoint.kind === 'socket')
    codes.add('FORBIDDEN'); // To web pages of other origins.
  else if (endpoint.body !== undefined)
    codes.add('PAYLOAD_TOO_LARGE').add('UNSUPPORTED_MEDIA_TYPE');
  if (endpoint.kind === 'http' && endpoint.role !== undefined) codes.add('FORBIDDEN');
  for (const code of endpoint.errors) codes.add(code);
  return codes;
}

/** Every status that a request to an endpoint may be answered with, and that its document lists. */
export function statusesOf(endpoint: Endpoint | SocketEndpoint): ReadonlySet<number> {
  const codes = [...errorsOf(endpoint)];
  return new Set([...successesOf(endpoint), ...codes.map((code) => errorStatuses[code])]);
}

/** The statuses that `reply` and `otherReplies` declare; for a socket, Switching Protocols. */
function successesOf(endpoint: Endpoint | SocketEndpoint): number[] {
  if (endpoint.kind === 'socket') return [101];
  const { status = 200, otherReplies = {} } = endpoint;
  const others = Object.keys(otherReplies).map(Number);
  return hasEnvelope(endpoint) ? [status, ...others] : others;
}

/** Whether success is a reply in the envelope; else the handler writes one of the other replies. */
export function hasEnvelope({ reply, otherReplies }: Endpoint): boolean {
  return reply !== undefined || otherReplies === undefined;
}
