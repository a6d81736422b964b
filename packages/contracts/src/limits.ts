/** What the gateway asks of a request before it passes it on. */
export interface Endpoint {
  /** Requests a minute, by user where there is one, else by client address. */
  readonly perMinute: number;
  /** True where no bearer token is asked for. */
  readonly public: boolean;
  /** The bucket that requests are counted in. */
  readonly name: string;
}

interface Row extends Endpoint {
  readonly method: string;
  readonly path: string;
}

const PER_MINUTE_DEFAULT = 100;
const DEFAULT_NAME = 'default';

const defaultEndpoint: Endpoint = {
  perMinute: PER_MINUTE_DEFAULT,
  public: false,
  name: DEFAULT_NAME,
};

const open = (path: string): Row => ({ ...defaultEndpoint, method: 'GET', path, public: true });

/** The bytes of files: the signature in the URL stands in for a token. */
const signed = (method: string, path = '/v1/storage/objects/:file_id'): Row => ({
  ...open(path),
  method,
});

/** To begin an upload, whatever its size, is limited as one thing. */
const beginUpload = (path: string): Row => ({
  method: 'POST',
  path,
  name: 'upload-url',
  perMinute: 20,
  public: false,
});

/** Everything that is not listed has the default limit and needs a token. */
export const endpoints: readonly Row[] = [
  { method: 'POST', path: '/v1/auth/register', name: 'register', perMinute: 5, public: true },
  { method: 'POST', path: '/v1/auth/login', name: 'login', perMinute: 10, public: true },
  { method: 'POST', path: '/v1/auth/refresh', name: 'refresh', perMinute: 10, public: true },
  {
    method: 'POST',
    path: '/v1/auth/password-reset/request',
    name: 'password-reset-request',
    perMinute: 3,
    public: true,
  },
  {
    method: 'POST',
    path: '/v1/auth/password-reset/confirm',
    name: 'password-reset-confirm',
    perMinute: 5,
    public: true,
  },
  { method: 'POST', path: '/v1/messages', name: 'messages', perMinute: 100, public: false },
  { method: 'GET', path: '/v1/messages/search', name: 'search', perMinute: 50, public: false },
  { method: 'POST', path: '/v1/calls/initiate', name: 'initiate', perMinute: 10, public: false },
  { method: 'POST', path: '/v1/calls/:call_id/join', name: 'join', perMinute: 10, public: false },
  ...['/v1/storage/upload-url', '/v1/storage/multipart'].map(beginUpload),
  ...['GET', 'PUT'].map((method) => signed(method)),
  signed('PUT', '/v1/storage/objects/:file_id/parts/:part_number'),
  ...['/live', '/ready', '/health', '/metrics', '/v1/degraded', '/openapi.json'].map(open),
];

/**
 * As Express 5 matches: without regard to case, one trailing slash tolerated, nothing decoded, a
 * parameter being any text without a slash.
 */
function patternOf(path: string): RegExp {
  const source = path.replaceAll('.', '\\.').replaceAll(/:[a-z_]+/g, '[^/]+');
  return new RegExp(`^${source}/?$`, 'i');
}

const matchers = endpoints.map((row) => ({ row, pattern: patternOf(row.path) }));

function find(method: string, pathname: string): Row | undefined {
  // A router answers HEAD with the handler of GET.
  const asked = method.toUpperCase() === 'HEAD' ? 'GET' : method.toUpperCase();
  return matchers.find(({ row, pattern }) => row.method === asked && pattern.test(pathname))?.row;
}

/** The path alone, out of a request target in origin form or absolute form. */
function pathnameOf(target: string): string {
  return target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#\\]*/i, '').split(/[?#]/, 1)[0] ?? '';
}

/**
 * The path as the most forgiving server on the way might understand it: decoded once, back
 * slashes turned, empty and dot segments resolved; `undefined` where it does not decode.
 */
function forgivingPathname(pathname: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    return undefined; // Not a path in UTF-8: no router takes it, so it needs no bucket of its own.
  }
  const segments: string[] = [];
  for (const segment of decoded.trim().replaceAll('\\', '/').split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return `/${segments.join('/')}`;
}

/**
 * The limit of a request, and whether it needs a token. `path` is a request target or its path.
 * No spelling that a router would take for a limited route escapes that route's bucket; spellings
 * that only look like one are counted in it too, but are never public.
 */
export function endpointOf(method: string, path: string): Endpoint {
  const pathname = pathnameOf(path);
  const exact = find(method, pathname);
  if (exact !== undefined) {
    return { perMinute: exact.perMinute, public: exact.public, name: exact.name };
  }
  const forgiving = forgivingPathname(pathname);
  const similar = forgiving === undefined ? undefined : find(method, forgiving);
  if (similar === undefined) return defaultEndpoint;
  return { perMinute: similar.perMinute, public: false, name: similar.name };
}
