import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Whether a host is this machine: what is there reaches nobody else. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || rangeOf(host) === 'loopback';
}

/**
 * Whether a host is known to be outside of the deployment's own network: a public address. A name
 * counts as public if it has a dot and no ending of private networks (RFC 6762, RFC 8375, and
 * `.internal`, which ICANN has reserved).
 */
export function isPublic(host: string): boolean {
  const range = rangeOf(host);
  if (range !== undefined) return range === 'unicast';
  if (isLoopback(host) || !host.includes('.')) return false;
  return !/\.(?:local|internal|home\.arpa|lan|svc)\.?$/i.test(host);
}

function rangeOf(host: string): string | undefined {
  const address = host.replace(/^\[(.*)\]$/, '$1');
  return isIP(address) === 0 ? undefined : ipaddr.process(address).range();
}
