import { fallbacksIn, type RouteUse, routeOf, useOf } from './route-use.ts';

/** A fetch that tells how each route has answered. */
export function watchedFetch(
  note: (use: RouteUse) => void,
  fetch: typeof globalThis.fetch = globalThis.fetch.bind(globalThis),
): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    const { pathname } = new URL(input instanceof Request ? input.url : input, baseOf());
    const route = routeOf(init?.method ?? 'GET', pathname);
    const fallbacks = fallbacksIn(response.headers.get('x-degraded'));
    note(useOf(route, fallbacks, await codeOf(response)));
    return response;
  };
}

/** Refusals while Redis is down have a body of their own, without the envelope. */
async function codeOf(response: Response): Promise<string | undefined> {
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  if (response.status !== 503 || !isJson) return undefined;
  const body: unknown = await response.clone().json();
  return String(Object(body).error);
}

/** Of relative addresses; there are none outside of pages. */
function baseOf(): string | undefined {
  return (globalThis as { readonly location?: { readonly href: string } }).location?.href;
}
