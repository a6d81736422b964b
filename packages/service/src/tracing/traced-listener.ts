import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { TrustProxy } from '../http/client-address.ts';
import { contextOf } from '../http/request-context.ts';
import type { ServedSpan, TraceIds, Tracing } from './tracing.ts';

/** Requested every few seconds by machines; their traces would hide the rest. */
const probes = /^\/(live|ready|health|metrics)\/?(\?|$)/;

const spanKey = Symbol('span');
type Traced = IncomingMessage & { [spanKey]?: ServedSpan };

/**
 * Serves each request within a span. A client cannot choose the trace of its request, nor that it is
 * recorded: only a trusted proxy continues one.
 */
export function tracedListener(
  listener: RequestListener,
  tracing: Tracing,
  isTrusted: TrustProxy,
): RequestListener {
  return (request, response) => {
    if (probes.test(request.url ?? '')) {
      listener(request, response);
      return;
    }
    const span = tracing.serve(servedOf(request, isTrusted), () => listener(request, response));
    (request as Traced)[spanKey] = span;
    endWithReply(request, response, span);
  };
}

/** What a span is told of a request. */
export function servedOf(request: IncomingMessage, isTrusted: TrustProxy) {
  const { method = 'GET', headers, socket } = request;
  const address = socket.remoteAddress;
  const isProxy = address !== undefined && isTrusted(address, 0);
  return { method, headers: isProxy ? headers : undefined };
}

/** The ids of a request's span, for its line in the log; undefined if it has none. */
export function idsOfRequest(request: IncomingMessage): TraceIds | undefined {
  return (request as Traced)[spanKey]?.ids;
}

function endWithReply(request: IncomingMessage, response: ServerResponse, span: ServedSpan): void {
  const end = (): void => {
    const { route } = contextOf(request);
    span.end({ route, status: response.statusCode });
  };
  if (response.closed) end();
  else response.once('close', end);
}
