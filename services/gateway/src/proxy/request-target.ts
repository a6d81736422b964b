/**
 * The target of a request as an instance gets it: path and query, not a byte of them changed, so
 * that nothing which the gateway counted as one route is another one behind it. Absolute targets
 * (RFC 9112, 3.2.2) lose their authority.
 */
export function originForm(target: string | undefined): string {
  const local = (target ?? '/').replace(/^https?:\/\/[^/?#]*/i, '');
  return local.startsWith('/') ? local : `/${local}`;
}
