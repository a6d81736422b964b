import { isIPv4, isIPv6 } from 'node:net';

/**
 * What requests of an address are counted under. An IPv6 customer has at least a /64 of addresses
 * to change between (RFC 6177), so these count as one.
 */
export function addressSubject(address: string): string {
  const bare = address.replace(/%.*$/, '').toLowerCase();
  const mapped = /^::ffff:([\d.]+)$/.exec(bare)?.[1];
  if (mapped !== undefined && isIPv4(mapped)) return `address:${mapped}`;
  if (!isIPv6(bare)) return `address:${bare}`;
  return `address:${network64(bare)}::/64`;
}

/** The first four groups of an IPv6 address, in full. */
function network64(address: string): string {
  const [before = '', after] = address.split('::');
  const groups = before === '' ? [] : before.split(':');
  const tail = after === undefined || after === '' ? [] : after.split(':');
  // A dotted end stands for two groups, and always for the last two.
  const tailLength = tail.length + (tail.at(-1)?.includes('.') === true ? 1 : 0);
  const zeros = after === undefined ? 0 : 8 - groups.length - tailLength;
  const all = [...groups, ...Array.from({ length: zeros }, () => '0'), ...tail];
  return all
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
