import { defaultLimit, type RateLimit } from './endpoint.ts';
import { httpEndpoints } from './endpoints/all.ts';

/**
 * Matches like Express 5: case-insensitive, with an optional trailing slash, without decoding. A
 * parameter is any text without a slash.
 */
function patternOf(path: string): RegExp {
  const source = path.replaceAll('.', '\\.').replaceAll(/:[a-z_]+/g, '[^/]+');
  return new RegExp(`^${source}/?$`, 'i');
}

const matchers = httpEndpoints.flatMap(({ method, path, limit }) =>
  limit === undefined ? [] : [{ method, pattern: patternOf(path), limit }],
);

function find(method: string, pathname: string): RateLimit | undefined {
  // A router answers HEAD with the handler of GET.
  const asked = method.toUpperCase() === 'HEAD' ? 'GET' : method.toUpperCase();
  return matchers.find((one) => one.method === asked && one.pattern.test(pathname))?.limit;
}

/** The path of a request target in origin form or absolute form. */
function pathnameOf(target: string): string {
  return target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#\\]*/i, '').split(/[?#]/, 1)[0] ?? '';
}

/** A path that the most lenient server reads like any other, except for a slash at its end. */
const unambiguous = /^(?:\/[\w~-][\w.~-]*)+\/?$/;

/**
 * The path as the most lenient server might read it: decoded once, backslashes as slashes, empty
 * and dot segments resolved. Undefined if it cannot be decoded.
 */
function forgivingPathname(pathname: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    return undefined; // No router accepts a path that is not UTF-8, so it needs no bucket.
  }
  const segments: string[] = [];
  for (const segment of decoded.trim().replaceAll('\\', '/').split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return `/${segments.join('/')}`;
}

/**
 * The limit of a request. `path` is a request target or its path. Every spelling that a router
 * would match with a limited route counts in that route's bucket; similar spellings count too, by
 * user or address.
 */
export function limitOf(method: string, path: string): RateLimit {
  const pathname = pathnameOf(path);
  const exact = find(method, pathname);
  if (exact !== undefined) return exact;
  if (unambiguous.test(pathname)) return defaultLimit;
  const forgiving = forgivingPathname(pathname);
  const similar = forgiving === undefined ? undefined : find(method, forgiving);
  if (similar === undefined) return defaultLimit;
  return { bucket: similar.bucket, perMinute: similar.perMinute, countedBy: 'user' };
}
