import { ApiError } from './api-error.ts';

/**
 * Web pages open WebSockets to any host, and no permission of the host is asked for (WHATWG
 * WebSockets): whether a page may is for the server to say, by its `Origin`. A page of the host that
 * is asked may, and those of the list. Without an Origin it is no browser, and may too.
 *
 * @param host that the client asked for, with its port where that is not the default one
 * Throws FORBIDDEN.
 */
export function refuseForeignPage(
  origin: string | undefined,
  host: string | undefined,
  allowed: readonly string[],
): void {
  if (origin === undefined || allowed.includes(origin) || isOfHost(origin, host)) return;
  const message = 'Web pages of this origin may not open sockets here; CORS_ORIGINS lists those.';
  throw new ApiError('FORBIDDEN', message, { security: { event: 'origin_refused' } });
}

function isOfHost(origin: string, host: string | undefined): boolean {
  const page = URL.parse(origin);
  if (page === null || host === undefined || !/^https?:$/.test(page.protocol)) return false;
  // With the page's protocol, as its default port may be left out of either.
  const asked = URL.parse(`${page.protocol}//${host}`);
  return asked !== null && asked.href === `${page.origin}/`;
}
