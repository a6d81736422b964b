import type { IncomingMessage } from 'node:http';

/**
 * The parts of a request target for routing: nothing is decoded, and no dot segment is resolved.
 */
export interface Target {
  readonly path: string;
  /** Without its question mark. */
  readonly query: string;
}

/** Reads a target in origin form or in absolute form (RFC 9112, 3.2). */
export function targetOf({ url = '/' }: Pick<IncomingMessage, 'url'>): Target {
  const whole = url.startsWith('/') ? url : url.replace(/^https?:\/\/[^/?#]*/i, '');
  const end = whole.indexOf('#');
  const local = end < 0 ? whole : whole.slice(0, end);
  const at = local.indexOf('?');
  return at < 0
    ? { path: local, query: '' }
    : { path: local.slice(0, at), query: local.slice(at + 1) };
}

/**
 * Whether a request opens a WebSocket: a GET without a body that offers that protocol alone,
 * at a path that has one (RFC 6455, 4.1). Any other offer (`Upgrade: h2c`) is ignored, as a
 * server may (RFC 9110, 7.8): the request is answered like any other.
 */
export function isSocketRequest(
  request: Pick<IncomingMessage, 'method' | 'headers' | 'url'>,
  socketPaths: ReadonlySet<string>,
): boolean {
  const { method, headers } = request;
  return (
    method === 'GET' &&
    headers.upgrade?.toLowerCase() === 'websocket' &&
    headers['transfer-encoding'] === undefined &&
    Number(headers['content-length'] ?? 0) === 0 &&
    socketPaths.has(targetOf(request).path)
  );
}
