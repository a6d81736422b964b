import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Endpoint, SocketEndpoint } from '@secureconnect/contracts';
import type { Cause } from '../observability/cause.ts';
import type { LogId } from '../observability/log-ids.ts';
import type { Logger } from '../observability/logger.ts';
import { type NoteSecurityEvent, securityLog } from '../observability/security-events.ts';
import { traceIdOf } from '../tracing/trace-parent.ts';
import { activeTracing } from '../tracing/tracing.ts';
import type { Sender } from './sender.ts';

/** What is known about a request before its route is. */
export interface RequestContext {
  readonly requestId: string;
  /**
   * The trace that the caller names, while this process traces nothing; else its own spans name it.
   * Like the request id it is anybody's word, and only for looking things up.
   */
  readonly traceId: string | undefined;
  readonly sender: Sender;
  readonly log: Logger;
  readonly noteSecurity: NoteSecurityEvent;
  readonly startedAt: number;
  /** The path of the route that answers; set by the router, for logs and metrics. */
  route: string | undefined;
  /** The endpoint of that route, which lists the statuses of its replies; a relay has none. */
  endpoint: Endpoint | SocketEndpoint | undefined;
  /** Whether the whole body was read, which the request itself tells a turn later. */
  isBodyRead: boolean;
  /** The dependency for whose outage the request was refused; set with the reply. */
  refusedDependency: string | undefined;
  /** Why the database did not serve the request, for its line in the log; set with the reply. */
  databaseFailure: Cause | undefined;
}

const acceptableId = /^[\w.-]{1,128}$/;
const contextKey = Symbol('context');

/**
 * A property, because entries of a WeakMap survive minor garbage collections: with one, thousands of
 * ended requests waited for a major collection.
 */
type Started = IncomingMessage & { [contextKey]?: RequestContext };

interface LogParts {
  readonly log: Logger;
  readonly logId: LogId;
}

/** Starts the context of a request, with the caller's `X-Request-Id` if that is valid. */
export function startRequest(
  request: IncomingMessage,
  sender: Sender,
  logParts: LogParts,
): RequestContext {
  const given = request.headers['x-request-id'];
  const requestId = typeof given === 'string' && acceptableId.test(given) ? given : randomUUID();
  const { traceparent } = request.headers;
  const traceId = activeTracing() === undefined ? traceIdOf(traceparent) : undefined;
  const context = new StartedRequest({ requestId, traceId }, sender, logParts);
  (request as Started)[contextKey] = context;
  return context;
}

/** The context that `startRequest` created. */
export function contextOf(request: IncomingMessage): RequestContext {
  const context = (request as Started)[contextKey];
  if (context === undefined) throw new Error('the request was never started');
  return context;
}

/** Its log is created when it is used: most requests log nothing but their line at the end. */
class StartedRequest implements RequestContext {
  readonly requestId: string;
  readonly traceId: string | undefined;
  readonly sender: Sender;
  readonly startedAt = performance.now();
  route: RequestContext['route'];
  endpoint: RequestContext['endpoint'];
  isBodyRead = false;
  refusedDependency: RequestContext['refusedDependency'];
  databaseFailure: RequestContext['databaseFailure'];
  readonly #parts: LogParts;
  #log: Logger | undefined;

  constructor(
    { requestId, traceId }: Pick<RequestContext, 'requestId' | 'traceId'>,
    sender: Sender,
    parts: LogParts,
  ) {
    this.requestId = requestId;
    this.traceId = traceId;
    this.sender = sender;
    this.#parts = parts;
  }

  get log(): Logger {
    this.#log ??= this.#parts.log.child({ request_id: this.requestId, ...traceField(this) });
    return this.#log;
  }

  get noteSecurity(): NoteSecurityEvent {
    return securityLog(this.log, this.#parts.logId, this.sender.address);
  }
}

/** The field of a log line that names the trace of the caller, if there is one. */
export function traceField({ traceId }: Pick<RequestContext, 'traceId'>): object {
  return traceId === undefined ? {} : { trace_id: traceId };
}
