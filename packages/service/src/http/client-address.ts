import type { IncomingMessage } from 'node:http';
import { canonicalAddress, forwardedAddress } from './ip-address.ts';

/** Whether what a proxy at this address says is believed; `hop` 0 is the peer of the connection. */
export type TrustProxy = (address: string, hop: number) => boolean;

/**
 * The client's address, canonical, by the word of the trusted proxies between it and this process:
 * each has added to `X-Forwarded-For` whom it got the request from. The first that is no trusted
 * proxy is the client. Where a proxy names nobody (`unknown`, an empty part, anything that is no
 * address) the proxy itself is the answer: what no proxy vouches for would be a name of the
 * client's choice. `unknown` alone where the connection has no address any more.
 */
export function clientAddress(
  { socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>,
  isTrusted: TrustProxy,
): string {
  const peer = socket.remoteAddress ?? '';
  let address = canonicalAddress(peer) ?? 'unknown';
  for (const [hop, entry] of nearestFirst(headers['x-forwarded-for']).entries()) {
    if (!isTrusted(address, hop)) break;
    const named = forwardedAddress(entry);
    if (named === undefined) break;
    address = named;
  }
  return address;
}

/** Node has joined what came in several lines, in order. */
function nearestFirst(forwardedFor: string | string[] | undefined): string[] {
  if (forwardedFor === undefined) return [];
  return String(forwardedFor).split(',').reverse();
}
