import type { IncomingMessage } from 'node:http';
import { BlockList } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** With a port; a name of a foreign site that leads here is not among them. */
const ownHost = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;

/**
 * Whether a request comes from a program of this machine, or from a page that this gateway itself
 * has served to it. A browser says in Sec-Fetch-Site when another site's page asks.
 */
export function isFromSameMachine({ socket, headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'] ?? 'none';
  return (
    isLoopback(socket.remoteAddress ?? '') &&
    ownHost.test(headers.host ?? '') &&
    (site === 'same-origin' || site === 'none') &&
    // A proxy on this machine forwards for others.
    headers['x-forwarded-for'] === undefined &&
    headers.forwarded === undefined
  );
}

function isLoopback(address: string): boolean {
  const mapped = address.replace(/^::ffff:(?=\d)/, '');
  return loopback.check(mapped, mapped.includes(':') ? 'ipv6' : 'ipv4');
}
