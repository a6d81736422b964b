import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { hopByHopTest } from './hop-by-hop.ts';

/** Headers that the gateway sets itself, for the whole exchange. */
const own = new Set(['x-request-id', 'x-degraded', 'x-stopping', 'ratelimit', 'ratelimit-policy']);
const ownPrefixes = ['x-ratelimit-', 'access-control-'];

function isOwn(name: string): boolean {
  return own.has(name) || ownPrefixes.some((prefix) => name.startsWith(prefix));
}

/** Converts the headers of an instance's reply for the client. */
export function replyHeaders(
  headers: IncomingHttpHeaders,
  { degraded: ownDegraded, vary: ownVary }: { readonly degraded: string; readonly vary: string },
): OutgoingHttpHeaders {
  const isHopByHop = hopByHopTest(headers.connection);
  const kept: OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !isHopByHop(name) && !isOwn(name)) kept[name] = value;
  }
  const degraded = mergedList(ownDegraded, text(headers['x-degraded']));
  if (degraded !== '') kept['X-Degraded'] = degraded;
  const vary = mergedList(ownVary, text(headers.vary));
  if (vary !== '') kept['vary'] = vary;
  return kept;
}

/** Merges two comma-separated lists, the first of which is our own, in order, without duplicates. */
export function mergedList(one: string, other: string): string {
  if (other === '') return one;
  const entries = `${one},${other}`.split(',').map((entry) => entry.trim());
  return [...new Set(entries.filter((entry) => entry !== ''))].join(', ');
}

function text(value: string | readonly string[] | undefined): string {
  return typeof value === 'string' ? value : (value ?? []).join(', ');
}
