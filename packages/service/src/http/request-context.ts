import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Endpoint, SocketEndpoint } from '@secureconnect/contracts';
import type { LogId } from '../observability/log-ids.ts';
import type { Logger } from '../observability/logger.ts';
import { type NoteSecurityEvent, securityLog } from '../observability/security-events.ts';

/** What is known about a request before its route is. */
export interface RequestContext {
  readonly requestId: string;
  readonly log: Logger;
  readonly noteSecurity: NoteSecurityEvent;
  readonly startedAt: number;
  /** The path of the route that answers; set by the router, for logs and metrics. */
  route: string | undefined;
  /** The endpoint of that route, which lists the statuses of its replies; a relay has none. */
  endpoint: Endpoint | SocketEndpoint | undefined;
}

const acceptableId = /^[\w.-]{1,128}$/;
const contexts = new WeakMap<IncomingMessage, RequestContext>();

/**
 * Starts the context of a request, with the caller's `X-Request-Id` if that is valid. `address`
 * returns the client's address, for security events.
 */
export function startRequest(
  request: IncomingMessage,
  { log: serviceLog, logId }: { readonly log: Logger; readonly logId: LogId },
  address: () => string,
): RequestContext {
  const given = request.headers['x-request-id'];
  const requestId = typeof given === 'string' && acceptableId.test(given) ? given : randomUUID();
  const log = serviceLog.child({ request_id: requestId });
  const context: RequestContext = {
    requestId,
    log,
    noteSecurity: securityLog(log, logId, address),
    startedAt: performance.now(),
    route: undefined,
    endpoint: undefined,
  };
  contexts.set(request, context);
  return context;
}

/** The context that `startRequest` created. */
export function contextOf(request: IncomingMessage): RequestContext {
  const context = contexts.get(request);
  if (context === undefined) throw new Error('the request was never started');
  return context;
}
