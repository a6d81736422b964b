import type { IncomingMessage, ServerResponse } from 'node:http';

export interface CorsOptions {
  /** Origins of web pages that may call with credentials: `https://app.example.com`. */
  readonly origins: readonly string[];
}

const allowed = new Map(
  Object.entries({
    'Access-Control-Allow-Methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
    'Access-Control-Allow-Headers':
      'Authorization, Content-Type, If-Match, If-None-Match, If-Range, Range, X-Request-Id',
    // The maximum that Chromium honours.
    'Access-Control-Max-Age': '7200',
  }),
);

/** The headers that a page may read, in addition to those that every page may. */
const exposed = [
  'X-Request-Id',
  'X-Degraded',
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'ETag',
  'Accept-Ranges',
  'Content-Disposition',
  'Content-Range',
].join(', ');

/**
 * Cross-origin resource sharing by an allow-list (Fetch standard, 3.2). Preflights are answered
 * here; a page of a different origin gets a reply without permission, which its browser withholds.
 * Returns whether the request was answered.
 */
export function cors({
  origins,
}: CorsOptions): (request: IncomingMessage, response: ServerResponse) => boolean {
  const allowList = new Set(origins);
  return ({ method, headers }, response) => {
    const { origin } = headers;
    const permitted = origin !== undefined && allowList.has(origin);
    response.setHeader('Vary', 'Origin');
    if (permitted) permit(response, origin);
    const asks = headers['access-control-request-method'] !== undefined;
    if (method !== 'OPTIONS' || origin === undefined || !asks) {
      if (permitted) response.setHeader('Access-Control-Expose-Headers', exposed);
      return false;
    }
    if (permitted) response.setHeaders(allowed);
    response.writeHead(204).end();
    return true;
  };
}

function permit(response: ServerResponse, origin: string): void {
  response.setHeader('Access-Control-Allow-Origin', origin);
  response.setHeader('Access-Control-Allow-Credentials', 'true');
}
