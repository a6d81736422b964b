/** Whether a client has the bytes already: `If-None-Match`, compared weakly (RFC 9110, 13.1.2). */
export function isNotModified(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  const known: readonly string[] = ifNoneMatch.match(/"[^"]*"/g) ?? [];
  return known.includes(etag);
}

/**
 * Whether a range may be served: `If-Range` is absent or names these very bytes, compared strongly
 * (RFC 9110, 13.1.5). A date never matches, because objects carry none.
 */
export function mayServeRange(ifRange: string | undefined, etag: string): boolean {
  return ifRange === undefined || ifRange.trim() === etag;
}
