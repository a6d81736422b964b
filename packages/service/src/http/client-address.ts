import type { IncomingMessage } from 'node:http';
import { canonicalAddress, forwardedAddress } from './ip-address.ts';

/** Whether a proxy at this address is trusted; `hop` 0 is the peer of the connection. */
export type TrustProxy = (address: string, hop: number) => boolean;

/**
 * The client's canonical address, according to the trusted proxies between it and this process:
 * each has added the sender of its request to `X-Forwarded-For`. The first address that is not a
 * trusted proxy is the client. If a proxy names no address (`unknown`, an empty part, anything
 * else), the proxy itself is the result, because the client could choose what no proxy vouches for.
 * `unknown` only if the connection no longer has an address.
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

/** Node has joined several lines, in order. */
function nearestFirst(forwardedFor: string | string[] | undefined): string[] {
  if (forwardedFor === undefined) return [];
  return String(forwardedFor).split(',').reverse();
}
