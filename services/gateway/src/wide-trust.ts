/** Names of ranges that may contain clients behind a proxy. */
const wideNames = ['uniquelocal', 'linklocal'];

/**
 * The entries of GATEWAY_TRUSTED_PROXIES that may include clients: behind address translation,
 * every client has a private address, and a trusted client could choose the address that its limits
 * count.
 */
export function wideTrust(trustedProxies: readonly string[]): string[] {
  return trustedProxies.filter((entry) => {
    const [address = '', bits] = entry.split('/');
    const widest = address.includes(':') ? 48 : 16;
    return wideNames.includes(entry) || (bits !== undefined && Number(bits) < widest);
  });
}
