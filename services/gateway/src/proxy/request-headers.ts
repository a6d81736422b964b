import type { IncomingMessage } from 'node:http';
import { activeTracing } from '@secureconnect/service';
import { hopByHopTest } from './hop-by-hop.ts';

/** The client of a request, as the services behind the gateway see it. */
export interface Forwarded {
  readonly incoming: IncomingMessage;
  readonly clientAddress: string;
  readonly protocol: string;
  readonly host: string | undefined;
  readonly requestId: string;
}

/** Only the gateway sets these headers; those from clients are dropped. */
const spoofable = new Set([
  'cf-connecting-ip',
  'client-ip',
  'fastly-client-ip',
  'forwarded',
  'true-client-ip',
  'via',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-degraded',
  'x-http-method-override',
  'x-original-url',
  'x-real-ip',
  'x-request-id',
  'x-rewrite-url',
]);

/** Replaced by the gateway's own where it traces (W3C Trace Context). */
const traceHeaders = new Set(['traceparent', 'tracestate', 'baggage']);

/** Headers meant for the gateway itself. */
const ownAffairs = new Set(['host', 'expect']);

/**
 * The headers of a request for an instance: alternating names and values.
 * @param also further names to drop, in lower case
 */
export function requestHeaders(forwarded: Forwarded, also: readonly string[] = []): string[] {
  const { rawHeaders, headers } = forwarded.incoming;
  const isHopByHop = hopByHopTest(headers.connection);
  const kept: string[] = [];
  const trace = activeTracing()?.headers();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    const lowerCase = name.toLowerCase();
    if (isDropped(lowerCase) || isHopByHop(lowerCase) || also.includes(lowerCase)) continue;
    if (trace !== undefined && traceHeaders.has(lowerCase)) continue;
    kept.push(name, rawHeaders[at + 1] ?? '');
  }
  const { clientAddress, protocol, host, requestId } = forwarded;
  kept.push('X-Forwarded-For', clientAddress, 'X-Forwarded-Proto', protocol);
  if (host !== undefined) kept.push('X-Forwarded-Host', host);
  kept.push('X-Real-Ip', clientAddress, 'X-Request-Id', requestId);
  for (const [name, value] of trace ?? []) kept.push(name, value);
  return kept;
}

function isDropped(name: string): boolean {
  return ownAffairs.has(name) || spoofable.has(name) || name.startsWith('x-forwarded-');
}
