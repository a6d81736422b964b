/**
 * Whose budget a request spends: of the user that its token names; of the client's address; or of the
 * session that its refresh token names. Where the first or the last cannot be told, the address'.
 */
type CountedBy = import('./endpoint.ts').CountedBy;

/** What the gateway asks of a request before it passes it on. */
export interface LimitedEndpoint {
  /** The bucket that requests are counted in. */
  readonly name: string;
  /** Requests in any 60 s of one user, address or session. */
  readonly perMinute: number;
  readonly countedBy: CountedBy;
  /** Requests in any 60 s of one address beside, where the subject is what the client says. */
  readonly perMinuteOfAddress?: number;
}

interface Row extends LimitedEndpoint {
  readonly method: string;
  readonly path: string;
}

const defaultPerMinute = 100;
const defaultEndpoint: LimitedEndpoint = {
  name: 'default',
  perMinute: defaultPerMinute,
  countedBy: 'user',
};

/** What anybody may read: nobody is asked for a token. */
const open = (path: string): Row => ({
  ...defaultEndpoint,
  method: 'GET',
  path,
  countedBy: 'address',
});

/**
 * The bytes of files. The signature in the URL, which nobody can guess, stands in for a token and
 * names no user: a bucket of their own, wide enough for an office that looks at pictures.
 */
const signed = (method: string, path = '/v1/storage/objects/:file_id'): Row => ({
  method,
  path,
  name: 'objects',
  perMinute: 600,
  countedBy: 'address',
});

/** A guess of something secret, or what costs much to answer a stranger. */
const guess = (path: string, name: string, perMinute: number): Row => ({
  method: 'POST',
  path,
  name,
  perMinute,
  countedBy: 'address',
});

const ofUser = (method: string, path: string, name: string, perMinute: number): Row => ({
  method,
  path,
  name,
  perMinute,
  countedBy: 'user',
});

/** Everything that is not listed has the default limit and is counted by user. */
export const endpoints: readonly Row[] = [
  guess('/v1/auth/register', 'register', 5),
  guess('/v1/auth/login', 'login', 10),
  guess('/v1/auth/password-reset/request', 'password-reset-request', 3),
  guess('/v1/auth/password-reset/confirm', 'password-reset-confirm', 5),
  {
    method: 'POST',
    path: '/v1/auth/refresh',
    name: 'refresh',
    perMinute: 10,
    countedBy: 'session',
    // Nobody guesses 256 bits; this bounds what made-up sessions cost. A token is refreshed every
    // quarter of an hour, so it is enough for 9,000 users behind one address.
    perMinuteOfAddress: 600,
  },
  ofUser('POST', '/v1/messages', 'messages', 100),
  ofUser('GET', '/v1/messages/search', 'search', 50),
  ofUser('POST', '/v1/calls/initiate', 'initiate', 10),
  ofUser('POST', '/v1/calls/:call_id/join', 'join', 10),
  // To begin an upload, whatever its size, is limited as one thing.
  ofUser('POST', '/v1/storage/upload-url', 'upload-url', 20),
  ofUser('POST', '/v1/storage/multipart', 'upload-url', 20),
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
 * The limit of a request. `path` is a request target or its path. No spelling that a router would
 * take for a limited route escapes that route's bucket; spellings that only look like one are
 * counted in it too, by user or address.
 */
export function endpointOf(method: string, path: string): LimitedEndpoint {
  const pathname = pathnameOf(path);
  const exact = find(method, pathname);
  if (exact !== undefined) {
    const { method: _method, path: _path, ...endpoint } = exact;
    return endpoint;
  }
  const forgiving = forgivingPathname(pathname);
  const similar = forgiving === undefined ? undefined : find(method, forgiving);
  if (similar === undefined) return defaultEndpoint;
  return { name: similar.name, perMinute: similar.perMinute, countedBy: 'user' };
}
