import type { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { GatewayContext } from '../../context.ts';
import { hopByHopTest } from '../hop-by-hop.ts';
import { mergedList } from '../reply-headers.ts';
import { type Forwarded, requestHeaders } from '../request-headers.ts';
import { originForm } from '../request-target.ts';
import type { Instance } from '../upstreams/instance.ts';
import { couldNotConnect, upstreamError } from '../upstreams/upstream-error.ts';
import { openUpstream, type UpgradeAnswer } from './open-upstream.ts';
import { replyHead } from './upgrade-reply.ts';

export interface SocketExchange extends Forwarded {
  readonly socket: Duplex;
  /** The bytes that the client sent after its request. */
  readonly head: Buffer;
  readonly context: GatewayContext;
  readonly service: string;
  /** The instances in the order of the tries. */
  readonly instances: readonly Instance[];
  /** The fallbacks that the gateway itself used. */
  readonly degraded: string;
  /** The gateway's own headers for the reply. */
  readonly replyHeaders: Readonly<Record<string, string>>;
}

const keepAliveMs = 30_000;

/**
 * Opens a WebSocket to the first reachable instance and joins it with the client's. An instance's
 * refusal is forwarded unchanged. Throws ApiError 502 or 504 if no instance answers.
 */
export async function proxySocket(exchange: SocketExchange): Promise<void> {
  const { socket, context } = exchange;
  const clientLeft = new AbortController();
  const leave = (): void => clientLeft.abort();
  socket.once('close', leave);
  const answer = await firstAnswer(exchange, clientLeft.signal);
  socket.off('close', leave);
  if (answer === undefined) return;
  const { reply, opened } = answer;
  if (opened === undefined) {
    socket.write(
      replyHead(reply.statusCode ?? 502, headersOf(exchange, reply, ['close'])),
      'latin1',
    );
    reply.on('error', () => socket.destroy());
    reply.pipe(socket);
    return;
  }
  for (const side of [socket, opened.socket]) prepare(side);
  socket.write(replyHead(101, headersOf(exchange, reply, ['Upgrade', 'websocket'])), 'latin1');
  if (opened.head.length > 0) socket.write(opened.head);
  if (exchange.head.length > 0) opened.socket.write(exchange.head);
  context.pipes.join(socket, opened.socket);
}

async function firstAnswer(
  exchange: SocketExchange,
  signal: AbortSignal,
): Promise<UpgradeAnswer | undefined> {
  const { incoming, instances, service, context } = exchange;
  const path = originForm(incoming.url);
  const { timeouts } = context;
  const upgrade = ['Connection', 'Upgrade', 'Upgrade', 'websocket'];
  let failure: unknown;
  for (const instance of instances) {
    const { url, lookup } = instance;
    const headers = ['Host', url.host, ...socketHeaders(exchange), ...upgrade];
    try {
      const answer = await openUpstream({ url, lookup, path, headers, timeouts, signal });
      instance.outages.worked();
      return answer;
    } catch (error) {
      if (signal.aborted) return undefined;
      failure = error;
      instance.outages.failed(error, { request_id: exchange.requestId });
      if (!couldNotConnect(error)) break;
      instance.avoid();
    }
  }
  throw upstreamError(failure, service);
}

/**
 * Drops `Origin`: the gateway has already checked it, and only the gateway knows the host that the
 * page used.
 */
function socketHeaders(exchange: SocketExchange): string[] {
  return requestHeaders(exchange, ['origin']);
}

/** The instance's headers, with the connection's headers replaced by ours. */
function headersOf(
  exchange: SocketExchange,
  reply: IncomingMessage,
  [connection, protocol]: readonly string[],
): string[] {
  const own = Object.entries(exchange.replyHeaders).flat();
  const degraded = mergedList(exchange.degraded, String(reply.headers['x-degraded'] ?? ''));
  if (degraded !== '') own.push('X-Degraded', degraded);
  own.push('X-Request-Id', exchange.requestId, 'Connection', connection ?? 'close');
  if (protocol !== undefined) own.push('Upgrade', protocol);
  const ownNames = new Set(own.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase()));
  const isHopByHop = hopByHopTest(reply.headers.connection);
  const kept: string[] = [];
  for (let at = 0; at + 1 < reply.rawHeaders.length; at += 2) {
    const [name = '', value = ''] = [reply.rawHeaders[at], reply.rawHeaders[at + 1]];
    const lowerCase = name.toLowerCase();
    if (!isHopByHop(lowerCase) && !ownNames.has(lowerCase)) kept.push(name, value);
  }
  return [...kept, ...own];
}

/** Sends frames without delay, and detects dead peers. */
function prepare(side: Duplex): void {
  if (!(side instanceof Socket)) return;
  side.setTimeout(0);
  side.setNoDelay(true);
  side.setKeepAlive(true, keepAliveMs);
}
