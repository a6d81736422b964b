/** Headers that belong to one connection and are never forwarded (RFC 9110, 7.6.1). */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const isHopByHop = (lowerCaseName: string): boolean => hopByHop.has(lowerCaseName);

/**
 * Creates a test for the headers of one connection, including those that its Connection header
 * names.
 */
export function hopByHopTest(
  connection: string | readonly string[] | undefined,
): (lowerCaseName: string) => boolean {
  // Of nearly all requests and replies.
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') {
    return isHopByHop;
  }
  const value = typeof connection === 'object' ? connection.join(',') : connection;
  const named = value
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    // `close` and `keep-alive` are connection options, not headers.
    .filter((name) => name !== '' && name !== 'close');
  return (name) => isHopByHop(name) || named.includes(name);
}
