import type { Logger } from '@secureconnect/service';
import { type ForwardOptions, forward } from './forward.ts';
import type { RelayedRequest } from './reply-relay.ts';
import { joinSocket, type SocketExchange } from './sockets/join-socket.ts';
import type { Upstream } from './upstreams/upstream.ts';

/** A service behind the gateway, as handlers reach it. */
export interface UpstreamService {
  /** Forwards a request, and its reply to the client. */
  forward(
    request: RelayedRequest & { readonly log: Logger },
    options: ForwardOptions,
  ): Promise<void>;
  /** Opens a WebSocket there, and joins it with the client's. */
  joinSocket(exchange: SocketExchange): Promise<void>;
}

/** Its methods throw UpstreamUnreachable, before any effect, and ApiError 502 or 504. */
export function upstreamService(upstream: Upstream): UpstreamService {
  return {
    forward: (request, options) => forward(request, upstream, options),
    joinSocket: (exchange) => joinSocket(exchange, upstream),
  };
}
