/**
 * The target of a request for an instance: path and query, unchanged, so that gateway and service
 * see the same route. Absolute targets (RFC 9112, 3.2.2) lose their authority.
 */
export function originForm(target: string | undefined): string {
  const local = (target ?? '/').replace(/^https?:\/\/[^/?#]*/i, '');
  return local.startsWith('/') ? local : `/${local}`;
}
