import type { Readable } from 'node:stream';
import { ApiError, type Logger } from '@secureconnect/service';
import type { Dispatcher } from 'undici';
import { type RelayedRequest, ReplyRelay } from './reply-relay.ts';
import { arrivedBody, requestBody } from './request-body.ts';
import { requestHeaders } from './request-headers.ts';
import { originForm } from './request-target.ts';
import type { Instance } from './upstreams/instance.ts';
import type { Upstream } from './upstreams/upstream.ts';
import { isBadRequest, isRetired, upstreamError } from './upstreams/upstream-error.ts';
import { UpstreamUnreachable } from './upstreams/upstream-unreachable.ts';

export interface ForwardOptions {
  readonly bodyLimitBytes: number;
  /** The body if it was already read; otherwise it is streamed. */
  readonly receivedBody: Buffer | undefined;
  /** The fallbacks that the gateway itself used, for the header `X-Degraded`. */
  readonly degraded: string;
}

/**
 * The maximum of instances to connect to: while one is replaced, the address of the old one may be
 * gone, and that of the new one not yet served.
 */
const maxConnections = 3;

/**
 * Forwards a request and its reply as streams, with backpressure. If no connection is possible, it
 * tries other instances; no request is ever sent twice. Throws UpstreamUnreachable if it was not
 * sent, and ApiError 502 or 504 if there is no reply.
 */
export async function forward(
  request: RelayedRequest & { readonly log: Logger },
  upstream: Upstream,
  { receivedBody, bodyLimitBytes, degraded }: ForwardOptions,
): Promise<void> {
  const { incoming, outgoing } = request;
  const wholeBody = receivedBody ?? arrivedBody(incoming, bodyLimitBytes);
  const isStreamed = wholeBody === undefined;
  // Drains what the instance did not read, so that the next request can be read.
  if (isStreamed) outgoing.once('finish', () => incoming.resume());

  const tried: Instance[] = [];
  for (let connections = 0; connections < maxConnections; ) {
    // Chosen anew for each try: the name may have been resolved again, and the instances replaced.
    const instance = upstream.inTurn().find((each) => !tried.includes(each));
    if (instance === undefined) break;
    const relay = new ReplyRelay({ request, instance, degraded });
    try {
      // Each try has its own stream, so that its failure does not end the client's request.
      const body = isStreamed ? requestBody(incoming, bodyLimitBytes) : wholeBody;
      send(request, instance, body, relay);
      await relay.done;
      return;
    } catch (error) {
      if (outgoing.destroyed) {
        request.log.info({ err: error, upstream: upstream.name }, 'the exchange ended early');
        return;
      }
      // An error of the client, found while streaming.
      if (error instanceof ApiError) throw error;
      tried.push(instance);
      const wasRetired = isRetired(error) && !relay.isSent;
      if (!wasRetired) instance.outages.failed(error, { request_id: request.requestId });
      if (relay.isSent || isBadRequest(error)) throw upstreamError(error, upstream.name);
      if (isStreamed && incoming.readableDidRead) break;
      if (wasRetired) continue;
      instance.cutOff();
      connections += 1;
    }
  }
  throw new UpstreamUnreachable(upstream.name);
}

function send(
  request: RelayedRequest,
  { pool }: Instance,
  body: Readable | Buffer | null,
  relay: ReplyRelay,
): void {
  const { incoming } = request;
  // As in node:http, whose list of methods is longer than that of undici's types.
  const method = (incoming.method ?? 'GET') as Dispatcher.HttpMethod;
  const path = originForm(incoming.url);
  pool.dispatch({ method, path, headers: requestHeaders(request), body }, relay);
}
