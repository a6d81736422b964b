import { ApiError } from './api-error.ts';

/**
 * Web pages can open WebSockets to any host without its permission (WHATWG WebSockets), so the
 * server decides by their `Origin`. Pages of the requested host and of the list may open them. A
 * client without an Origin is not a browser, and may too.
 *
 * @param host the requested host, with its port unless that is the default
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
