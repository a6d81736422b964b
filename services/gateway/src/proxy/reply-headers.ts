import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { hopByHopTest } from './hop-by-hop.ts';

/** Headers that the gateway sets itself, for the whole exchange. */
const ownWords =
  /^(x-request-id|x-degraded|x-stopping|x-ratelimit-.*|ratelimit(-policy)?|access-control-.*)$/;

/** Converts the headers of an instance's reply for the client. */
export function replyHeaders(
  headers: IncomingHttpHeaders,
  own: { readonly degraded: string; readonly vary: string },
): OutgoingHttpHeaders {
  const isHopByHop = hopByHopTest(headers.connection);
  const kept: OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !isHopByHop(name) && !ownWords.test(name)) kept[name] = value;
  }
  const degraded = mergedList(own.degraded, text(headers['x-degraded']));
  if (degraded !== '') kept['X-Degraded'] = degraded;
  const vary = mergedList(own.vary, text(headers.vary));
  if (vary !== '') kept['vary'] = vary;
  return kept;
}

/** Merges two comma-separated lists, in order, without duplicates. */
export function mergedList(one: string, other: string): string {
  const entries = `${one},${other}`.split(',').map((entry) => entry.trim());
  return [...new Set(entries.filter((entry) => entry !== ''))].join(', ');
}

function text(value: string | readonly string[] | undefined): string {
  return typeof value === 'string' ? value : (value ?? []).join(', ');
}
