/** Whether a client has the bytes already: `If-None-Match`, compared weakly (RFC 9110, 13.1.2). */
export function isNotModified(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  // Splitting at quotes yields separators and tags in turn.
  const tags = ifNoneMatch.split('"').filter((_, index) => index % 2 === 1);
  return tags.includes(etag.slice(1, -1));
}

/**
 * Whether a range may be served: `If-Range` is absent or names the current bytes, compared strongly
 * (RFC 9110, 13.1.5). A date never matches, because objects have none.
 */
export function mayServeRange(ifRange: string | undefined, etag: string): boolean {
  return ifRange === undefined || ifRange.trim() === etag;
}
