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
  /** The body, where it was read already; else it is passed on as it comes. */
  readonly receivedBody: Buffer | undefined;
  /** What the gateway itself did without, for the header `X-Degraded`. */
  readonly degraded: string;
  readonly log: Logger;
}

/** So many instances are tried at most. */
const maxTries = 2;

/**
 * Passes a request on and its reply back, both as they come: no more of either is held than the
 * slower side leaves unread. What could not even connect is tried on one other instance; nothing is
 * ever sent twice. Throws ApiError 502 or 504 when there is no reply.
 */
export async function forward(exchange: Exchange, upstream: Upstream): Promise<void> {
  const { incoming, outgoing, log } = exchange;
  const clientLeft = clientLeftSignal(outgoing);
  // What the instance did not read of the body must not stand before the next request.
  outgoing.once('finish', () => incoming.resume());

  const instances = upstream.inTurn();
  for (const [index, instance] of instances.entries()) {
    try {
      // One of its own for each try: what becomes of it does not become of the client's request.
      const body = exchange.receivedBody ?? requestBody(incoming, exchange.bodyLimitBytes);
      await send(exchange, instance, body, clientLeft);
      return;
    } catch (error) {
      if (outgoing.destroyed || clientLeft.aborted) {
        log.info({ err: error, upstream: upstream.name }, 'the exchange ended early');
        return;
      }
      // The client's own mistake, found on the way.
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
    // A client that is still sending would go on; its connection is of no use after the reply.
    if (!incoming.complete) outgoing.setHeader('Connection', 'close');
    outgoing.writeHead(statusCode, replyHeaders(headers, { degraded, vary }));
    return outgoing;
  });
}
