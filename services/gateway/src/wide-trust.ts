/** Names of ranges that a client behind a proxy may have an address of. */
const wideNames = ['uniquelocal', 'linklocal'];

/**
 * The entries of GATEWAY_TRUSTED_PROXIES that may believe clients: where addresses are translated on
 * the way, every client comes from a private one, and whoever is believed chooses what it counts as.
 */
export function wideTrust(trustedProxies: readonly string[]): string[] {
  return trustedProxies.filter((entry) => {
    const [address = '', bits] = entry.split('/');
    const widest = address.includes(':') ? 48 : 16;
    return wideNames.includes(entry) || (bits !== undefined && Number(bits) < widest);
  });
}
