/** Names that nobody can own (RFC 2606), as the examples of this repository use them. */
const reserved = /(?:^|\.)(?:example\.(?:com|net|org)|example)\.?$/i;

/** Variables that hold mail addresses, or no address at all. */
const withoutHost = /^(?:MAIL_FROM|VAPID_SUBJECT)$|(?:SECRET|PASSWORD|TOKEN|_KEY)(?:_|$)/;

/**
 * The first host in a variable that is an example's: in URLs, `turn:host:port`, `host:port`, lists and
 * JSON. Mail addresses are no hosts. Undefined if there is none.
 */
export function exampleHost(name: string, value: string): string | undefined {
  if (withoutHost.test(name)) return undefined;
  return value
    .split(/[\s,;="'[\]{}]+/)
    .map(hostOf)
    .find((host) => reserved.test(host));
}

function hostOf(address: string): string {
  if (address.includes('://')) return URL.canParse(address) ? new URL(address).hostname : '';
  if (address.includes('@')) return '';
  const [host = ''] = address.replace(/^(?:stuns?|turns?):/i, '').split(/[:/?]/, 1);
  return host;
}
