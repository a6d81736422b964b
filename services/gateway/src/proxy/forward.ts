import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { ApiError, clientLeftSignal, type Logger, stoppingHeader } from '@secureconnect/service';
import { replyHeaders } from './reply-headers.ts';
import { requestBody } from './request-body.ts';
import { type Forwarded, requestHeaders } from './request-headers.ts';
import { originForm } from './request-target.ts';
import type { Instance } from './upstreams/instance.ts';
import type { Upstream } from './upstreams/upstream.ts';
import { couldNotConnect, upstreamError } from './upstreams/upstream-error.ts';

export interface Exchange extends Forwarded {
  readonly outgoing: ServerResponse;
  readonly bodyLimitBytes: number;
  /** The body if it was already read; otherwise it is streamed. */
  readonly receivedBody: Buffer | undefined;
  /** The fallbacks that the gateway itself used, for the header `X-Degraded`. */
  readonly degraded: string;
  readonly log: Logger;
}

/** The maximum of instances to try. */
const maxTries = 2;

/**
 * Forwards a request and its reply as streams, with backpressure. If no connection is possible, it
 * tries one other instance; no request is ever sent twice. Throws ApiError 502 or 504 if there is
 * no reply.
 */
export async function forward(exchange: Exchange, upstream: Upstream): Promise<void> {
  const { incoming, outgoing, log } = exchange;
  const clientLeft = clientLeftSignal(outgoing);
  // Drains what the instance did not read, so that the next request can be read.
  outgoing.once('finish', () => incoming.resume());

  const instances = upstream.inTurn();
  for (const [index, instance] of instances.entries()) {
    try {
      // Each try has its own stream, so that its failure does not end the client's request.
      const body = exchange.receivedBody ?? requestBody(incoming, exchange.bodyLimitBytes);
      await send(exchange, instance, body, clientLeft);
      return;
    } catch (error) {
      if (outgoing.destroyed || clientLeft.aborted) {
        log.info({ err: error, upstream: upstream.name }, 'the exchange ended early');
        return;
      }
      // An error of the client, found while streaming.
      if (error instanceof ApiError) throw error;
      const notConnected = couldNotConnect(error);
      if (notConnected) instance.avoid();
      instance.outages.failed(error, { request_id: exchange.requestId });
      const last = index + 1 === Math.min(maxTries, instances.length);
      const isSpent = exchange.receivedBody === undefined && incoming.readableDidRead;
      if (last || !notConnected || isSpent) throw upstreamError(error, upstream.name);
    }
  }
}

async function send(
  exchange: Exchange,
  instance: Instance,
  body: Readable | Buffer | null,
  signal: AbortSignal,
): Promise<void> {
  const { incoming, outgoing, degraded } = exchange;
  const request = {
    method: incoming.method ?? 'GET',
    path: originForm(incoming.url),
    headers: requestHeaders(exchange),
    body,
    signal,
  };
  await instance.pool.stream(request, ({ statusCode, headers }) => {
    instance.outages.worked();
    if (headers[stoppingHeader] !== undefined) instance.avoid();
    const vary = String(outgoing.getHeader('vary') ?? '');
    // The client is still sending, so its connection cannot be reused after the reply.
    if (!incoming.complete) outgoing.setHeader('Connection', 'close');
    outgoing.writeHead(statusCode, replyHeaders(headers, { degraded, vary }));
    return outgoing;
  });
}
