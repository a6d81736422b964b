import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { GatewayContext } from '../../context.ts';
import { hopByHopTest } from '../hop-by-hop.ts';
import { mergedList } from '../reply-headers.ts';
import { type Forwarded, requestHeaders } from '../request-headers.ts';
import { originForm } from '../request-target.ts';
import type { Upstream } from '../upstreams/upstream.ts';
import { couldNotConnect, upstreamError } from '../upstreams/upstream-error.ts';
import { UpstreamUnreachable } from '../upstreams/upstream-unreachable.ts';
import { openUpstream, type UpgradeAnswer } from './open-upstream.ts';
import { replyHead } from './upgrade-reply.ts';

export interface SocketExchange {
  readonly request: Forwarded & {
    readonly socket: Duplex;
    /** The bytes that the client sent after its request. */
    readonly head: Buffer;
    readonly context: GatewayContext;
  };
  /** Sockets with the same key go to the same instance. */
  readonly key: string;
  /** The fallbacks that the gateway itself used. */
  readonly degraded: string;
  /** The gateway's own headers for the reply. */
  readonly replyHeaders: Readonly<Record<string, string>>;
}

const keepAliveMs = 30_000;
const switching = ['Connection', 'Upgrade', 'Upgrade', 'websocket'];

/**
 * Opens a WebSocket to the first reachable instance and joins it with the client's. An instance's
 * refusal is forwarded unchanged. Throws UpstreamUnreachable if there is no connection to any, and
 * ApiError 502 or 504 if one does not answer.
 */
export async function joinSocket(exchange: SocketExchange, upstream: Upstream): Promise<void> {
  const { socket, head, context } = exchange.request;
  const answer = await firstAnswer(exchange, upstream);
  if (answer === undefined) return;
  const { status, opened } = answer;
  if (opened instanceof IncomingMessage) {
    socket.write(replyHead(status, headersOf(exchange, answer, ['Connection', 'close'])), 'latin1');
    opened.on('error', () => socket.destroy());
    socket.once('close', () => opened.destroy());
    opened.pipe(socket);
    return;
  }
  const { socket: opposite, first } = opened;
  for (const side of [socket, opposite]) prepare(side);
  socket.write(replyHead(status, headersOf(exchange, answer, switching)), 'latin1');
  if (first.length > 0) socket.write(first);
  if (head.length > 0) opposite.write(head);
  context.pipes.join(socket, opposite);
}

/** Undefined if the client has left. */
async function firstAnswer(
  { request, key }: SocketExchange,
  upstream: Upstream,
): Promise<UpgradeAnswer | undefined> {
  const { socket: client, requestId } = request;
  const { timeouts } = request.context;
  const path = originForm(request.incoming.url);
  // Without `Origin`: the gateway has already checked it, and only the gateway knows the host that
  // the page used.
  const ownHeaders = requestHeaders(request, ['origin']);
  ownHeaders.push(...switching);
  for (const instance of upstream.byKey(key)) {
    if (client.destroyed) return undefined;
    const { url, lookup } = instance;
    const headers = ['Host', url.host, ...ownHeaders];
    try {
      const answer = await openUpstream({ url, lookup, path, headers, timeouts, client });
      instance.answered();
      return answer;
    } catch (error) {
      if (client.destroyed) return undefined;
      instance.outages.failed(error, { request_id: requestId });
      if (!couldNotConnect(error)) throw upstreamError(error, upstream.name);
      instance.cutOff();
    }
  }
  throw new UpstreamUnreachable(upstream.name);
}

/** Headers that the gateway sets itself. */
const ownNames = new Set(['x-request-id', 'x-degraded', 'ratelimit', 'ratelimit-policy']);

/** The instance's headers, with the connection's headers and ours replaced by our own. */
function headersOf(
  { request, degraded: ownDegraded, replyHeaders }: SocketExchange,
  { rawHeaders }: UpgradeAnswer,
  connection: readonly string[],
): string[] {
  const isHopByHop = hopByHopTest(headerOf(rawHeaders, 'connection'));
  const headers: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = [rawHeaders[at], rawHeaders[at + 1]];
    const lowerCase = name.toLowerCase();
    const isOwn = ownNames.has(lowerCase) || lowerCase.startsWith('x-ratelimit-');
    if (!isOwn && !isHopByHop(lowerCase)) headers.push(name, value);
  }
  for (const name of Object.keys(replyHeaders)) headers.push(name, replyHeaders[name] ?? '');
  const degraded = mergedList(ownDegraded, headerOf(rawHeaders, 'x-degraded') ?? '');
  if (degraded !== '') headers.push('X-Degraded', degraded);
  headers.push('X-Request-Id', request.requestId, ...connection);
  return headers;
}

/** The value of a header; several lines are one list (RFC 9110, 5.3). */
function headerOf(rawHeaders: readonly string[], lowerCaseName: string): string | undefined {
  let list: string | undefined;
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    if (rawHeaders[at]?.toLowerCase() !== lowerCaseName) continue;
    list = list === undefined ? rawHeaders[at + 1] : `${list}, ${rawHeaders[at + 1]}`;
  }
  return list;
}

/** Sends frames without delay, and detects dead peers. */
function prepare(side: Duplex): void {
  if (!(side instanceof Socket)) return;
  side.setTimeout(0);
  side.setNoDelay(true);
  side.setKeepAlive(true, keepAliveMs);
}
