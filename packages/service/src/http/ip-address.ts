import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

const maxRemembered = 1000;
const maxRememberedLength = 64;

/** The same function, which remembers its results for texts that are repeated. */
function remembering<T>(of: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    if (known.has(text)) return known.get(text) as T;
    const result = of(text);
    if (text.length > maxRememberedLength) return result;
    // Forgotten all at once: that costs less than to know which were used last.
    if (known.size >= maxRemembered) known.clear();
    known.set(text, result);
    return result;
  };
}

/**
 * An address of a connection or of a proxy's header, in its canonical form: IPv4 in four decimals,
 * IPv6 as in RFC 5952, without a zone; an IPv4-mapped IPv6 address (RFC 4291, 2.5.5.2) becomes the
 * IPv4 address. Undefined for anything else.
 */
export const canonicalAddress = remembering((text: string): string | undefined =>
  parsed(text)?.toString(),
);

/**
 * As `canonicalAddress`, of what proxies write in `X-Forwarded-For`: with or without a port, IPv6
 * in brackets or bare, in quotes as in `Forwarded` (RFC 7239, 6). `unknown`, `_hidden` and
 * similar values are not addresses.
 */
export function forwardedAddress(entry: string): string | undefined {
  const bare = entry.trim().replace(/^"(.*)"$/, '$1');
  const inBrackets = /^\[([^[\]]*)\](?::\d{1,5})?$/.exec(bare)?.[1];
  if (inBrackets !== undefined) {
    return inBrackets.includes(':') ? canonicalAddress(inBrackets) : undefined;
  }
  return canonicalAddress(bare.replace(/^([\d.]+):\d{1,5}$/, '$1'));
}

/**
 * The subject of limits by address. An IPv6 customer has at least a /64 of addresses (RFC 6177), so
 * these count as one. If a translator carries an IPv4 client in IPv6 (RFC 6052, 6to4), the subject
 * is the IPv4 address, which the client cannot change.
 */
export const addressSubject = remembering((address: string): string => {
  const found = parsed(address);
  if (found === undefined) return `address:${address}`;
  if (!(found instanceof ipaddr.IPv6)) return `address:${found}`;
  const carried = carriedIPv4(found);
  if (carried !== undefined) return `address:${carried}`;
  const network = found.parts.slice(0, 4).map((part) => part.toString(16));
  return `address:${network.join(':')}::/64`;
});

/** node:net decides what an address is: ipaddr.js also accepts octal and shortened IPv4. */
function parsed(text: string): Address | undefined {
  const withoutZone = text.split('%', 1)[0] ?? '';
  const family = isIP(withoutZone);
  if (family === 0) return undefined;
  const address = ipaddr.parse(family === 6 ? withoutDecimals(withoutZone) : withoutZone);
  return address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress()
    ? address.toIPv4Address()
    : address;
}

/**
 * IPv6 without an IPv4 address in decimals at its end: ipaddr.js takes `::192.0.2.1` for
 * `::ffff:192.0.2.1`, which is a different address (findings/ipaddr-compatible.sh).
 */
function withoutDecimals(address: string): string {
  const endsAt = address.lastIndexOf(':') + 1;
  const parts = address.slice(endsAt).split('.').map(Number);
  if (parts.length !== 4) return address;
  const [first = 0, second = 0, third = 0, fourth = 0] = parts;
  const [high, low] = [first * 256 + second, third * 256 + fourth];
  return `${address.slice(0, endsAt)}${high.toString(16)}:${low.toString(16)}`;
}

function carriedIPv4(address: ipaddr.IPv6): string | undefined {
  const bytes = address.toByteArray();
  switch (address.range()) {
    case 'rfc6052':
      return ipaddr.fromByteArray(bytes.slice(12)).toString();
    case '6to4':
      return ipaddr.fromByteArray(bytes.slice(2, 6)).toString();
    default:
      return undefined;
  }
}
